export default {
  name: "白云",
  nav: { rules: "规则", markets: "行情", auctions: "竞价", publish: "发布", contracts: "合同", me: "我的", console: "管理台", main: "主导航" },
  common: {
    retry: "重试", cancel: "取消", confirm: "确认", back: "返回", save: "保存", more: "更多", loading: "载入中",
    failed: "没有载入：{detail}", lots: "{n} 个标的", lot: "标的", quantity: "数量", price: "价格", time: "时间", amount: "金额", product: "品种", initiator: "发起方", unitYuan: "元", perUnit: "元/{unit}", you: "你", skip: "跳到内容", sequence: "序号", yes: "是", seconds: "{n} 秒",
  },
  live: {
    live: "实时", away: "正在重连，以下为 {time} 的价格，暂不能出价", none: "连不上交易所，正在重连；这里没有当前价格", noneTitle: "连不上交易所", noneWhy: "网络恢复后会自动继续；已发出而未得到答复的出价会用同一编号再问，不会重复。", retry: "现在重试", awayShort: "重连中", clock: "本机时差 {ms} 毫秒，已校正",
    updateReady: "新版本已备好", update: "更新",
  },
  entry: {
    login: "用户名", password: "密码", code: "动态口令", codeHelp: "身份验证器上的六位数字，或一个恢复码", enter: "登录", other: "换一个用户", ended: "登录已结束，请重新登录。",
    badCredentials: "用户名、密码或动态口令不对。", tooMany: "尝试太多，请稍候再试。", unanswered: "交易所没有回答，请检查网络后再试。", 
    newTitle: "设置新密码", newWhy: "这个密码只能用一次。设置一个新的，至少 12 个字符。", newPassword: "新密码", newEnter: "设置并进入", lead: "稀土产品竞价交易与竞价采购", leadMore: "公开、密封，保证金自动冻结与释放，每一笔都可验证。",
  },
  side: { sale: "竞价", procurement: "采购", saleLong: "竞价交易", procurementLong: "竞价采购" },
  format: { open: "公开", sealed: "密封" },
  status: { submitted: "待审核", rejected: "未通过", published: "未开始", running: "进行中", suspended: "已暂停", closed: "已结束", cancelled: "已撤销", waiting: "未开始", sold: "成交", unsold: "流拍", annulled: "已撤销成交" },
  markets: {
    title: "行情", running: "正在进行", none: "现在没有正在进行的竞价。", noneNext: "下一场 {when} 开始。", noneHint: "新的公告会出现在这里。", products: "品种", noTrade: "尚无成交", noFavourites: "点星标把品种加入自选。", favourite: "加入自选 {name}", coming: "即将开始",
    kinds: { all: "全部", favourites: "自选", oxide: "氧化物", metal: "金属", alloy: "合金", concentrate: "精矿", scrap: "废料", magnet: "磁材" }, volume: "量 {n} {unit}", candles: "{name} 的 K 线", unknown: "没有这个品种。", madeUp: "示范历史", madeUpNote: "虚构的示范数据，不是成交价。", export: "导出 CSV", last: "最新成交", high: "最高", low: "最低", average: "均价", traded: "成交量", turnover: "成交额", day: "交易日", trades: "成交记录", corrected: "已更正", specification: "规格", change: "涨跌", untraded: "另有 {n} 个品种尚无成交", noCandle: "这段时间没有成交。", announcements: "公告", noAnnouncement: "还没有这个品种的公告。", intervals: { "1m": "1 分", "5m": "5 分", "15m": "15 分", "1h": "1 时", "1d": "日", "1w": "周", "1M": "月" }, 
  },
  auctions: {
    title: "竞价", running: "进行中", coming: "即将开始", ended: "已结束", sides: "方向", both: "全部", empty: "没有符合条件的公告。", emptyHint: "换一个筛选条件，或稍后再看。", opens: "{when} 开始", closes: "{when} 收盘", left: "剩余", filterProduct: "按品种筛选", everyProduct: "全部品种", won: "你成交 {n}", sold: "{n}/{of} 成交", sealedPrice: "不公开", leading: "你领先", overtaken: "你已被超过", follow: "关注 {title}", followShort: "关注", followed: "关注", followNone: "还没有关注的公告。", followHint: "点公告旁的星标：开始和结束时会提醒。", told: { running: "关注的公告开始了：{title}", suspended: "关注的公告已暂停：{title}", closed: "关注的公告已结束：{title}", published: "{product} 有新公告：{title}" },
  },
  room: {
    best: { sale: "最高价", procurement: "最低价" }, start: { sale: "起拍", procurement: "起始" }, startPrice: { sale: "起拍价", procurement: "起始价" }, limit: { sale: "报警价", procurement: "最低限价" }, leading: "你领先", overtaken: "你已被超过", noBid: "尚无出价", ladder: "出价记录", counts: "{accepted} 次有效 · {rejected} 次被拒", sealedNote: "密封竞价：结束前任何人看不到价格。", ended: "已结束", opensIn: "距开始", left: "剩余", emptyLadder: "还没有出价。第一口从起拍价开始。", emptyEnded: "没有人出价。", emptyComing: "{when} 开始后在这里看到每一口出价。", emptySuspended: "还没有出价。暂停中，恢复后可以出价。", unchanged: "与起拍价相同", stopped: "已停", bidder: "出价人", change: "变动", mine: "我的标的", noneMine: "出价后，你的标的会在这里。", counted: "{leading} 领先 · {overtaken} 被超过", standing: { leading: "领先", overtaken: "被超过", bid: "已出价", won: "已成交", lost: "未成交" }, panes: { left: "正在进行与行情", right: "出价与资金" }, path: "价格走势", terms: "公告条款", suspended: "竞价已暂停：{reason}", cancelled: "竞价已撤销：{reason}", lots: "标的", gone: "没有这场竞价，或你不能看它。", step: "加价幅度", stepOf: { sale: "加价幅度", procurement: "降价幅度" }, maxStepOf: { sale: "最大加价", procurement: "最大降价" }, rate: "保证金比例", countdown: "倒计时", window: "竞价时段", alias: "你的代号 {alias}", spoken: { overtaken: "你已被超过，最优价 {price}", leading: "你领先，{price}", ended: "标的 {lot} 已结束", won: "标的 {lot} 由你成交，{price}", lost: "标的 {lot} 未由你成交" }, quantityOf: "标的 {lot} · {quantity} {unit}", more: "更多",
  },
  pad: {
    title: "出价 标的 {lot}", step: "+{n} 步", stepDown: "−{n} 步", most: "最大", own: "自定", ownHint: "输入价格", margin: "需保证金", available: "可用", hold: "按住出价", press: "出价", confirm: "确认出价", pending: "等待交易所确认…", sent: "{price} 已发出", reconnect: "重连后可出价", needsTrader: "只有交易员可以出价", total: "货款", stale: "上面的价格可能已变，重连后才能出价。", first: "还没有人出价，起拍价即可。", above: "比现价高 {by} 元。被超过时保证金当即释放。", below: "比现价低 {by} 元。被超过时保证金当即释放。",
    leading: "你领先，{price}。有人超过时会提醒。", overtaken: "{bidder} 出到 {price}，比你高 {more}。", overtakenDown: "{bidder} 出到 {price}，比你低 {more}。", accepted: "已接受 {price}。", acceptedMoved: "已接受 {price}。你看到的是 {seen}，到达时最优价是 {before}。", unknown: "{price} 的结果未知：交易所没有回答。请看出价记录再决定。", refused: "{price} 未接受：{why}", refusedMoved: "你看到的是 {seen}；到达时最优价已变，{price} 未接受：{why}",
    far: "{price} 比最优价远 {by}，请再确认一次。", limit: "{price} 等于限价：成交即止。", overLimit: "{price} 的货款超过你的个人限额，请再按一次确认。", sealedBid: "密封出价", sealedOwn: "你的密封出价 {price}，结束前可以替换。", replace: "替换出价",
    why: {
      ok: "", not_open: "现在不能出价", own_auction: "发起方不能在自己的竞价中出价", not_eligible: "公告限定了参与方，不含你的企业", consecutive_bid: "你领先，不能连续出价", off_step: "与起拍价之差须为 {step} 的整倍数", not_better: "须优于 {than}", not_better_start: "首次出价须达到 {than}", above_max_step: "每次最多变动 {maxStep}", beyond_limit: "不能超过限价 {limit}", insufficient_margin: "需 {needs}，可用 {has}，还差 {short} 元", invalid: "请输入价格，最多两位小数", suspended: "竞价已暂停", ended: "标的已结束", waiting: "{when} 开始", unknown_lot: "没有这个标的", rate_limited: "出价太快，请稍候", too_many_keys: "出价太多，请稍候", forbidden: "你的角色不能出价", frozen: "你的企业已被冻结，不能出价", unavailable: "交易所暂时不能接受出价", limit_reached: "已达到限额", unreadable_bid: "密封出价无法读取，请重试", wrong_format: "竞价形式不符，请刷新", not_signed_in: "请重新登录", status_502: "网络中断",
    },
    seeContract: "查看合同", holdHelp: "按住按钮直到填满，或按住空格键",
  },
  keys: { bid: "出价", lot: "标的", search: "查找", out: "退出" },
  result: { won: "你已成交", lost: "你未成交", total: "货款 {amount} 元 · 保证金 {margin} 元继续冻结", by: "由 {who} 成交。", released: "你的保证金已释放。", unsold: "没有人出价。", annulled: "成交被撤销：{reason}。双方保证金已释放。" },
  publish: {
    title: "发布", again: "再发一次", blank: "从空白开始", mine: "我的公告", from: "从一个模板开始", templates: { sale: "竞价交易", fastSale: "竞价交易 · 快", procurement: "竞价采购", sealedProcurement: "密封采购" }, templateHints: { sale: "公开，临近收盘时顺延", fastSale: "公开，最后一口后 180 秒成交", procurement: "公开，临近收盘时顺延", sealedProcurement: "结束前谁也看不到价格" }, blankHint: "全部自己填", emptyHint: "选一个模板开始；发过的公告以后可以再发一次。", choose: "选择品种", held: "审核通过时冻结", of: { start: "{name}", step: "{name}", maxStep: "{name}（可不填）", limit: "{name}（可不填）", rate: "{name}", countdown: "{name}" }, step: { what: "货物", how: "规则", check: "核对" }, side: "方向", product: "品种", name: "标题", lots: "标的", lotCode: "编号", lotQuantity: "数量", addLot: "加一个标的", removeLot: "删除标的 {code}", date: "日期", opens: "开始", closes: "收盘", format: "形式", countdownFrom: "倒计时起算", fromOpening: "自开始起", fromClosing: "临近收盘", consecutive: "允许连续出价", eligible: "限定参与方（编号，逗号分隔，可不填）", next: "下一步", submit: "提交审核", preview: "其他会员将看到", submitted: "已提交，等待交易所审核。", needsManager: "发布公告由管理员（manager）操作；交易员可以查看。", draft: "草稿已保存在此设备", discard: "丢弃草稿", empty: "还没有公告。", rejected: "未通过：{reason}", invalid: "请检查：{detail}", seconds: "秒",
    errors: { challenge_expired: "时间过长，请重新开始。", second_factor_needed: "工作人员至少保留一种二次验证。", required: "必填", decimal: "请输入数字", order: "收盘须在开始之后", past: "开始时间须在将来" },
  },
  contracts: { title: "合同", lead: "你成交的标的。", empty: "还没有成交。", emptyHint: "赢得一个标的后，它会在这里。", seller: "卖方", buyer: "买方", asBuyer: "买入", asSeller: "卖出", amount: "货款", margin: "冻结保证金", at: "成交时间", no: "合同 {n}", counterpart: "对方", cancelled: "已撤销", sums: "合计", go: "去看竞价" },
  me: {
    title: "我的", funds: "资金", available: "可用", held: "冻结保证金", postings: "资金流水", bids: "我的出价", notices: "通知", settings: "设置", security: "安全", team: "团队", theme: "外观", themes: { system: "跟随系统", light: "浅色", dark: "深色" }, language: "语言", rising: "涨跌颜色", risings: { red: "红涨绿跌", green: "绿涨红跌" }, confirm: "出价方式", confirms: { hold: "按住出价", press: "点按后确认" }, signOut: "退出登录", password: "修改密码", role: "角色", member: "企业", noPostings: "还没有资金变动。", noBids: "还没有出价。", account: "账户", cause: "事由", changed: "密码已修改，其他设备已退出。", current: "现在的密码", user: "用户", marginsNow: "当前冻结",
    margins: "保证金", noMargins: "现在没有冻结的保证金。", noMarginsHint: "领先一个标的、发布或成交后，冻结的金额按竞价列在这里。", marginKinds: { bid: "出价保证金", sealed_bid: "密封出价保证金", initiator: "发起方保证金", contract: "合同保证金" }, intoAvailable: "可用增减（元）", now: "现在", within: "不变", noBidsHint: "出过的价会列在这里。",
    reasons: { not_open: "当时不能出价", own_auction: "自己的竞价", not_eligible: "不在参与方内", consecutive_bid: "已领先", off_step: "不合加价幅度", not_better: "未优于当时价格", above_max_step: "超过最大幅度", beyond_limit: "超过限价", insufficient_margin: "保证金不足", frozen: "企业已冻结", limit_reached: "已达限额", unreadable_bid: "密封出价无法读取" },
    causes: { deposit: "入金 {reference}", withdrawal: "出金 {reference}", bid_held: "出价冻结 · 竞价 {auction} 标的 {lot}", bid_released: "出价释放 · 竞价 {auction} 标的 {lot}", initiator_held: "发布冻结 · 竞价 {auction} 标的 {lot}", initiator_released: "发布释放 · 竞价 {auction} 标的 {lot}", awarded: "成交 · 合同 {contract}", annulled: "成交撤销 · 合同 {contract}", correction: "更正 · {reason}", sealed_bids_held: "密封出价冻结" },
    bidStatus: { accepted: "有效", rejected: "未接受", replaced: "已替换" },
  },
  factor: {
    name: "二次验证", title: "设置二次验证", on: "已开启 · 剩余 {n} 个恢复码", off: "未开启。开启后，登录时还需要身份验证器上的动态口令。", turnOn: "开启", turnOff: "关闭", replace: "更换", scan: "用身份验证器（如微软、谷歌验证器）扫描，或手动输入密钥。", picture: "二次验证的二维码", byHand: "密钥", first: "验证器上现在的六位数字", wrong: "动态口令不对，请看验证器上现在的数字。", codes: "每个恢复码可代替动态口令一次。只显示这一次，请抄下并妥善保管。", kept: "我已抄好", required: "工作人员登录必须二次验证。现在设置。", devices: "设备与登录", this: "本机", since: "{at} 登录",
  },
  passkeys: {
    title: "通行密钥", app: "添加验证器", add: "添加通行密钥", none: "还没有。通行密钥用本机的锁屏或安全钥匙登录。", why: "登录时由本机或安全钥匙代替动态口令。它只在本站有效，无法被骗走。", name: "名称，便于区分", thisDevice: "本机", make: "创建", instead: "改用本机的通行密钥", enter: "用通行密钥登录", byCode: "改用动态口令", use: "出示通行密钥", prove: "请先再次出示二次验证。", added: "{at} 添加", used: "{at} 最后使用", unused: "尚未使用", remove: "移除", removeNamed: "移除 {name}", copied: "这个通行密钥的计数没有前进，可能有另一台设备持有它的副本。请用动态口令登录，移除它并告知交易所。",
    trouble: { missing: "本机或浏览器在此不支持通行密钥，请用动态口令。", cancelled: "没有完成：已取消、超时，或本机没有您的通行密钥。", known: "本机已有您的通行密钥。", elsewhere: "通行密钥只在交易所自己的网址有效，请从那里打开。", failed: "设备没能完成。请再试，或用动态口令。" },
  },
  roles: { trader: "交易员", manager: "管理员", operator: "运营", settlement: "结算", admin: "系统管理", auditor: "审计" },
  news: { overtaken: "竞价 {auction} 标的 {lot}：已被超过，{price}", awarded: "成交！竞价 {auction} 标的 {lot}，{price}", released: "保证金已释放 {amount} 元", },
  notices: {
    title: "通知", settings: "通知设置", back: "返回通知", none: "还没有通知。", noneHint: "出价被超越、成交、公告审核等会在这里保留。", unread: "{n} 条未读", allRead: "全部已读", readAll: "全部标为已读", isUnread: "未读", more: "更早的", bell: "通知，{n} 条未读", toast: "{kind}：竞价 {auction}", toastLot: "{kind}：竞价 {auction} 标的 {lot}",
    kinds: { overtaken: "出价被超越", ends_soon: "即将结束", won: "竞价成交", lost: "未成交", sold: "标的成交", approved: "公告审核通过", refused: "公告未通过审核", released: "保证金已释放" },
    said: { overtaken: "当前最优价 {price}，{ends} 结束", ends_soon: "{ends} 结束", won: "成交价 {price}，金额 {amount} 元", lost: "由他方以 {price} 成交", sold: "成交价 {price}，金额 {amount} 元", approved: "已发布，会员可以看到", refused: "原因：{reason}", released: "{amount} 元" },
    channels: { app: "应用内提醒", push: "浏览器推送", email: "电子邮件", wecom: "企业微信机器人", sms: "短信" },
    short: { app: "应用", push: "推送", email: "邮件", wecom: "企微", sms: "短信" },
    here: "哪些方式在本机有效", addresses: "地址与时间", phone: "手机号（含国家代码）", wecom: "企业微信群机器人的 Webhook 地址", perHour: "每小时最多发出的条数", quiet: "免打扰时段", from: "免打扰开始", to: "免打扰结束", why: "免打扰时段内和超过条数的不会发出，也不补发；应用里始终保留。地址以您的个人密钥加密保存。", matrix: "哪些通知用哪种方式", kind: "通知", saved: "已保存。", test: "发送测试通知", sent: "已送出", noAddress: "还没有可用的地址。", pushedTo: "推送到：{name}", remove: "移除",
    push: { on: "有效。", off: "未开启。", venue: "本交易所没有开通这一方式。", insecure: "需要通过 https 打开本站。", homeScreen: "在 iPhone 和 iPad 上，请先用“分享 → 添加到主屏幕”，再从主屏幕打开。", unsupported: "本浏览器不支持推送（如微信内置浏览器）。请换用 Chrome、Edge 或 Firefox，或改用其他方式。", denied: "通知权限已被拒绝。请在浏览器的网站设置里允许通知，然后回到这里。", worker: "应用还没有安装完成。请重新打开页面再试。", failed: "推送服务没有接受：{detail}。中国大陆的许多手机连不上推送服务，请改用短信、邮件或企业微信。", address: "还没有填写地址。", untried: "尚未发送过，可发送测试通知。", works: "{at} 已送达服务方。", fails: "{at} 未送达：{detail}", turnOn: "开启", turnOff: "关闭" },
    wrong: { invalid_email: "邮件地址不对。", invalid_phone: "手机号须为 + 和 8 至 15 位数字，如 +8613800000000。", invalid_wecom: "须是企业微信机器人的 https 地址。", invalid_quiet: "免打扰的开始和结束须是两个不同的时间。", invalid_rate: "每小时最多 120 条。", too_many_tests: "一小时内测试太多次，请稍后再试。", changed_meanwhile: "另一台设备刚修改过，请重新打开后再改。" },
  },
  search: { title: "查找", short: "查找", hint: "竞价、品种、页面", nothing: "没有找到。" },
  tour: {
    title: "导览", next: "下一条", done: "知道了", leave: "不看了",
    prices: { title: "行情在首页", text: "进行中的竞价排在最前，价格和倒计时是实时的；点一下进入竞价间。" },
    bid: { title: "按住出价", text: "下一步的价格已经在按钮上，按住即出价。被超过时手机会振动，下一步已备好。" },
    margin: { title: "保证金写在旁边", text: "出价前就能看到需要多少、还有多少可用；释放的每一笔在“我的”里。" },
    words: { title: "不懂的词点问号", text: "词旁的问号说明意思，并通往竞价规则。电脑上按 / 查找。" },
    today: { title: "今日一览", text: "待审核的公告、进行中的竞价、等待第二人的事项都在首页。" },
    act: { title: "先看结果再执行", text: "每项处置都先写明现在、之后和不变的内容，再要原因。" },
    trail: { title: "一切留痕", text: "每一次登录、处置和查看都在审计里。" },
  },
  help: {
    about: "说明：{word}", rules: "竞价规则",
    name: { margin: "保证金", held: "已冻结", start: "起拍价", step: "加价幅度", maxStep: "最大加价幅度", limit: "报警价", countdown: "倒计时", countdownFrom: "倒计时起点", format: "方式", eligible: "参与企业", consecutive: "连续出价", rate: "保证金比例", ladder: "出价记录", second: "第二人", vwap: "均价" },
    text: { margin: "价格 × 数量 × 比例，出价时冻结，被超过时当即释放。", held: "为您领先或成交的标的冻结的资金，不能用于别的出价或出金。", start: "第一笔出价不得低于它（采购：不得高于）。", step: "每笔出价与起拍价之差都是它的整数倍。", maxStep: "一次出价最多变动这么多。", limit: "任何出价不得超出；达到它，标的立即成交。", countdown: "最后一次有效出价之后还开放的时间。", countdownFrom: "自截止起：只在临近截止时顺延；自开始起：每笔出价都重新计时，最晚到截止。", format: "公开：每笔出价当即可见；密封：结束前谁也看不到价格。", eligible: "留空为所有会员；填写编号则只有这些企业可以出价。", consecutive: "通常领先者不能再出价；勾选后可以。", rate: "保证金占货款的比例，双方各自冻结。", ladder: "本标的被接受的出价，最新的在前；出价者以代号显示。", second: "同岗位的另一人同意后才执行，发起人不能自己同意。", vwap: "按数量加权的成交均价。" },
  },
  console: {
    users: "用户", title: "管理台", today: "今日", approvals: "待办", control: "竞价控制", members: "会员", money: "资金", audit: "审计", health: "节点", running: "进行中", waiting: "待审核公告", second: "等待第二人", approve: "通过", reject: "不通过", suspend: "暂停", resume: "恢复", extend: "延长", cancel: "撤销", reasonFor: "会员将读到的原因", now: "现在", after: "之后", unchanged: "不变", do: "执行", deposit: "入金", withdraw: "出金", reference: "银行凭证", until: "延长至", nothing: "没有待办。", sequence: "日志序号", state: "状态", ready: "就绪", notReady: "未就绪", clocks: "倒计时停住，不接受出价", clocksGo: "倒计时继续，各标的顺延暂停的时间", closesAt: "收盘 {at}", lotsCancelled: "{n} 个未结束标的撤销，其保证金全部释放", soldStays: "已成交的 {n} 个标的不变", leadsStay: "领先者与冻结的保证金不变", done: "已完成。", pendingSecond: "金额超过限额，等待第二人确认。", admit: "新增会员", addUser: "新增用户", code: "编号", fullName: "名称", decline: "驳回", samePerson: "需要另一位同岗人员", digest: "状态摘要", head: "日志头", by: "发起人 {by}", member: "会员", needsMargin: "将冻结发起方保证金 {amount} 元", becomesVisible: "会员可以看到，{when} 开始",
  },
  people: {
    users: "用户", find: "查找用户", add: "新增用户", name: "名称", role: "角色", member: "企业编号", secret: "{login} 的一次性密码，只显示这一次：", none: "没有符合的用户。", forgotten: "已清除的用户", single: "待设置密码", locked: "已锁定", lock: "锁定", unlock: "解锁", reset: "重置密码", resetSure: "确定重置？其登录将结束", keys: "API 密钥", keysWhy: "供企业自己的系统接入；令牌只显示一次。", addKey: "新增密钥", token: "令牌，只显示这一次：", scopes: "可以", scope: { read: "查看", bid: "出价", publish: "发布" }, until: "有效至", expires: "{at} 到期", keyStatus: { revoked: "已吊销", expired: "已到期" }, revoke: "吊销", noKeys: "还没有密钥。", user: "用户名", auction: "竞价编号", from: "从", to: "到（不含）", look: "查看", noLines: "没有符合的记录。", act: "行为", about: "涉及", detail: "内容", code: "编号", firm: "企业名称", admit: "新增会员", limit: "个人限额（每笔货款，元）", limitWhy: "超过限额的出价会再问一次。留空为不限。",
  },
  audit: {
    signed_in: "登录", sign_ins_failed: "登录失败", looked_at_funds: "查看资金", looked_at_users: "查看用户", looked_at_audit: "查看审计", profile_set: "修改规则配置", member_admitted: "新增会员", user_added: "新增用户", user_locked: "锁定用户", user_unlocked: "解锁用户", password_set: "修改密码", password_reset: "重置密码", second_factor_set: "设置二次验证", second_factor_removed: "移除二次验证", passkey_added: "添加通行密钥", passkey_removed: "移除通行密钥", passkey_used: "使用通行密钥", passkey_copied: "出示被复制的通行密钥", recovery_code_used: "使用恢复码", key_added: "新增密钥", key_revoked: "吊销密钥", limit_set: "设置限额", person_forgotten: "清除个人数据", product_added: "新增品种", product_described: "修改品种说明", deposit: "入金", withdrawal: "出金", approval_asked: "请求复核", approval_given: "复核通过", approval_declined: "复核驳回", auction_rejected: "不通过公告", auction_published: "通过公告", auction_suspended: "暂停竞价", auction_resumed: "恢复竞价", auction_extended: "延长竞价", auction_cancelled: "撤销竞价",
  },
  errors: { unanswered: "没有回答，请检查网络。", forbidden: "你的角色不能这样做。", insufficient_margin: "可用资金不足以冻结保证金。", too_late: "开始时间已过，请以更晚的时间重新提交。", ended: "所有标的都已结束。", suspended: "已经暂停。", not_suspended: "没有暂停。", not_later: "须晚于现在的收盘时间。", insufficient_cash: "可用资金不足。", same_person: "第二人须是另一人。", already_decided: "已经处理过。", not_submitted: "这份公告不在待审核状态。", unknown: "未成功：{detail}" },
};
