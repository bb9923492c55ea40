import type { Messages } from ".";

const en: Messages = {
  name: "Bayan",
  nav: { markets: "Markets", auctions: "Auctions", publish: "Publish", contracts: "Contracts", me: "Me", console: "Console", main: "Main" },
  common: {
    retry: "Try again", cancel: "Cancel", confirm: "Confirm", back: "Back", save: "Save", more: "More", loading: "Loading",
    failed: "Could not load: {detail}", lots: "{n} lots", lot: "Lot", quantity: "Quantity", price: "Price", time: "Time", amount: "Amount", product: "Product", initiator: "Initiator", unitYuan: "CNY", perUnit: "CNY/{unit}", you: "You", skip: "Skip to content", sequence: "Sequence",
  },
  live: {
    live: "Live", away: "Reconnecting; prices are from {time} and bidding is blocked", awayShort: "Reconnecting", clock: "Clock {ms} ms off, corrected", 
    updateReady: "A new version is ready", update: "Update",
  },
  entry: {
    login: "Login", password: "Password", code: "One-time code", codeHelp: "Six digits from your authenticator, or a recovery code", enter: "Sign in", other: "Another user", ended: "Your session has ended. Sign in again.",
    badCredentials: "Login, password or code is wrong.", tooMany: "Too many attempts. Wait a moment.", unanswered: "The exchange does not answer. Check the network and try again.", 
    newTitle: "Set a new password", newWhy: "This password serves only once. Set a new one of at least 12 characters.", newPassword: "New password", newEnter: "Set and enter", lead: "Rare earths by auction: sale and procurement", leadMore: "Open or sealed, margins held and released by themselves, every step verifiable.",
  },
  side: { sale: "Sale", procurement: "Buying", saleLong: "Sale by auction", procurementLong: "Procurement by auction" },
  format: { open: "Open", sealed: "Sealed" },
  status: { submitted: "Waiting for approval", rejected: "Refused", published: "Coming", running: "Running", suspended: "Suspended", closed: "Ended", cancelled: "Cancelled", waiting: "Coming", sold: "Sold", unsold: "Unsold", annulled: "Annulled" },
  markets: {
    title: "Markets", running: "Running now", none: "No auction is running now.", noneNext: "The next opens {when}.", noneHint: "New announcements appear here.", products: "Products", noTrade: "No trade yet", noFavourites: "Tap the star to keep a product here.", favourite: "Keep {name} as favourite", coming: "Coming",
    kinds: { all: "All", favourites: "Favourites" }, 
  },
  auctions: {
    title: "Auctions", running: "Running", coming: "Coming", ended: "Ended", sides: "Side", both: "All", empty: "Nothing matches.", emptyHint: "Choose another filter, or look again later.", opens: "opens {when}", closes: "closes {when}", left: "left", filterProduct: "Filter by product", sealedPrice: "not public", leading: "You lead", overtaken: "Overtaken",
  },
  room: {
    best: { sale: "Highest", procurement: "Lowest" }, start: { sale: "Start", procurement: "Start" }, limit: { sale: "Limit", procurement: "Floor" }, leading: "You lead", overtaken: "You are overtaken", noBid: "No bid yet", ladder: "Bids", counts: "{accepted} accepted · {rejected} refused", sealedNote: "Sealed: nobody sees a price before the end.", ended: "Ended", opensIn: "Opens in", left: "Left", emptyLadder: "No bid yet. The first begins at the start price.", path: "Path of the price", terms: "Terms", suspended: "Suspended: {reason}", cancelled: "Cancelled: {reason}", lots: "Lots", gone: "There is no such auction, or it is not for you to see.", step: "Step", maxStep: "Largest step", rate: "Margin rate", countdown: "Countdown", window: "Hours", alias: "Your alias {alias}", spoken: { overtaken: "You are overtaken; the best price is {price}", leading: "You lead at {price}", ended: "Lot {lot} has ended" }, quantityOf: "Lot {lot} · {quantity} {unit}", more: "Open",
  },
  pad: {
    title: "Bid for lot {lot}", step: "+{n} step", stepDown: "−{n} step", most: "largest", own: "Own price", ownHint: "Enter a price", margin: "Margin needed", available: "Free", hold: "Hold to bid", press: "Bid", confirm: "Confirm", pending: "Waiting for the exchange…", sent: "{price} was sent", reconnect: "Reconnect to bid", needsTrader: "Only traders bid", total: "Total",
    leading: "You lead at {price}. We tell you when somebody overtakes.", overtaken: "{bidder} bid {price}, {more} above you.", overtakenDown: "{bidder} bid {price}, {more} below you.", accepted: "{price} accepted.", acceptedMoved: "{price} accepted. You saw {seen}; the best price was {before} when it arrived.", unknown: "What became of {price} is unknown: the exchange did not answer. Look at the bids before you decide.", refused: "{price} not accepted: {why}", refusedMoved: "You saw {seen}; the price had moved, {price} not accepted: {why}",
    far: "{price} is {by} from the best price. Once more to confirm.", limit: "{price} is the limit: the lot ends with it.", sealedBid: "Sealed bid", sealedOwn: "Your sealed bid is {price}; you may replace it until the end.", replace: "Replace bid",
    why: {
      ok: "", not_open: "No bids now", own_auction: "The initiator cannot bid here", not_eligible: "Your firm is not among the eligible", consecutive_bid: "You lead; no bid twice in a row", off_step: "Whole steps of {step} from the start price", not_better: "Must beat {than}", not_better_start: "The first bid must reach {than}", above_max_step: "At most {maxStep} at once", beyond_limit: "Not beyond the limit {limit}", insufficient_margin: "Needs {needs}, free {has}, short of {short} CNY", invalid: "Enter a price with at most two decimals", suspended: "The auction is suspended", ended: "The lot has ended", waiting: "Opens {when}", unknown_lot: "There is no such lot", rate_limited: "Too fast; wait a moment", too_many_keys: "Too many bids; wait a moment", forbidden: "Your role cannot bid", frozen: "Your firm is frozen and cannot bid", unavailable: "The exchange cannot take bids now", limit_reached: "A limit is reached", unreadable_bid: "The sealed bid could not be read; try again", wrong_format: "The form does not fit; reload", not_signed_in: "Sign in again", status_502: "The network broke off",
    },
    sold: "You have won", seeContract: "See the contract", lost: "{who} won this lot at {price}.", holdHelp: "Hold the button, or the space bar, until it is full", spacePress: "B bid · ↑ ↓ lot · Esc out",
  },
  publish: {
    title: "Publish", lead: "A sale or a procurement by auction, in three steps.", again: "Again", like: "Like the last one", blank: "Begin anew", mine: "My announcements", step: { what: "What", how: "How", check: "Check" }, side: "Side", product: "Product", name: "Title", unit: "Unit", lots: "Lots", lotCode: "Code", lotQuantity: "Quantity", addLot: "Add a lot", removeLot: "Remove lot {code}", date: "Day", opens: "Opens", closes: "Closes", format: "Format", start: "Start price", limit: "Limit price (optional)", stepPrice: "Step", maxStep: "Largest step (optional)", countdown: "Countdown (seconds)", countdownFrom: "Countdown from", fromOpening: "the opening", fromClosing: "near the close", rate: "Margin rate (%)", consecutive: "A leader may bid again", eligible: "Only these members (codes, optional)", next: "Next", submit: "Hand in", preview: "What the others will see", margin: "On approval a margin of {amount} CNY is held", submitted: "Handed in; it waits for the exchange's approval.", needsManager: "Managers publish; traders may look.", draft: "The draft is kept on this device", discard: "Discard", empty: "No announcement yet.", rejected: "Refused: {reason}", invalid: "Please check: {detail}", seconds: "s",
    errors: { required: "Required", decimal: "A number, please", order: "Must be after the opening", past: "Must be in the future" },
  },
  contracts: { title: "Contracts", lead: "What your firm has won and sold.", empty: "No contract yet.", emptyHint: "A lot that you win appears here.", seller: "Seller", buyer: "Buyer", asBuyer: "Bought", asSeller: "Sold", amount: "Total", margin: "Margin held", at: "Since", no: "Contract {n}", go: "See the auctions" },
  me: {
    title: "Me", funds: "Funds", available: "Free", held: "Held as margin", postings: "Postings", bids: "My bids", settings: "Settings", security: "Security", theme: "Look", themes: { system: "As the system", light: "Light", dark: "Dark" }, language: "Language", rising: "Colours", risings: { red: "Red is up", green: "Green is up" }, confirm: "How to bid", confirms: { hold: "Press and hold", press: "Press, then confirm" }, signOut: "Sign out", password: "Change password", role: "Role", member: "Firm", noPostings: "No money has moved yet.", noBids: "No bid yet.", account: "Account", cause: "Cause", changed: "Password changed; other devices are signed out.", current: "Present password", user: "User", marginsNow: "Held now",
    accounts: { available: "free", bid_margin: "bid margin", initiator_margin: "initiator's margin", contract_margin: "contract margin", sealed_margin: "sealed-bid margin" },
    causes: { deposit: "Deposit {reference}", withdrawal: "Withdrawal {reference}", bid_held: "Held for a bid · auction {auction} lot {lot}", bid_released: "Bid released · auction {auction} lot {lot}", initiator_held: "Held for publishing · auction {auction} lot {lot}", initiator_released: "Publishing released · auction {auction} lot {lot}", awarded: "Awarded · contract {contract}", sealed_bids_held: "Held for sealed bids" },
    bidStatus: { accepted: "accepted", rejected: "refused", replaced: "replaced" },
  },
  factor: {
    name: "Second factor", title: "Set up a second factor", on: "On · {n} recovery codes left", off: "Off. With it, signing in also needs a code of your authenticator.", turnOn: "Turn on", turnOff: "Turn off", replace: "Replace", scan: "Scan this with an authenticator, or type the secret in.", picture: "QR code of the second factor", byHand: "Secret", first: "The six digits that it shows now", wrong: "Wrong code; look at what the authenticator shows now.", codes: "Each recovery code replaces one code, once. They are shown only now: write them down.", kept: "I have written them down", required: "Staff sign in with a second factor. Set it up now.", devices: "Devices and sessions", this: "this one", since: "signed in {at}",
  },
  roles: { trader: "Trader", manager: "Manager", operator: "Operations", settlement: "Settlement", admin: "Administration", auditor: "Audit" },
  news: { overtaken: "Auction {auction} lot {lot}: overtaken at {price}", awarded: "Won! Auction {auction} lot {lot} at {price}", released: "Margin of {amount} CNY released", },
  console: {
    title: "Console", today: "Today", approvals: "To do", control: "Control", members: "Members", money: "Money", audit: "Audit", health: "Node", running: "Running", waiting: "Announcements to approve", second: "Waiting for a second person", approve: "Approve", reject: "Refuse", suspend: "Suspend", resume: "Resume", extend: "Extend", cancel: "Cancel the auction", reasonFor: "Reason, for members to read", now: "Now", after: "After", unchanged: "Unchanged", do: "Do it", deposit: "Deposit", withdraw: "Withdraw", reference: "Bank reference", until: "Until", nothing: "Nothing to do.", sequence: "Sequence", state: "State", ready: "Ready", notReady: "Not ready", clocks: "the clocks stand still, bids are refused", clocksGo: "the clocks go on; every end moves by the time they stood", closesAt: "closes {at}", lotsCancelled: "{n} lots that have not ended are cancelled, all their margins released", soldStays: "{n} sold lots stay sold", leadsStay: "leads and margins held", done: "Done.", pendingSecond: "Above the limit: it waits for a second person.", admit: "Admit a member", addUser: "Add a user", code: "Code", fullName: "Name", decline: "Decline", samePerson: "another person of the role decides", digest: "State digest", head: "Head", by: "asked by {by}", member: "Member", needsMargin: "a margin of {amount} CNY is held from the initiator", becomesVisible: "members see it; it opens {when}",
  },
  errors: { unanswered: "No answer; check the network.", forbidden: "Your role does not allow this.", insufficient_margin: "Too little free cash for the margin.", too_late: "The opening has passed; submit it anew with later times.", ended: "Every lot has ended.", suspended: "It is suspended already.", not_suspended: "It is not suspended.", not_later: "Must be later than the present close.", insufficient_cash: "Too little free cash.", same_person: "The second person must be another.", already_decided: "It was decided already.", not_submitted: "This announcement does not wait for approval.", unknown: "Did not work: {detail}" },
};

export default en;
