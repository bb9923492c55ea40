//! What a notice says outside of the app, in Chinese or English: one line for the head, one for the rest.

use archive::{Notice, NoticeKind};
use exchange::units::UtcOffset;

use crate::live::Picture;

/// A notice in words, with where in the app it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    pub title: String,
    pub body: String,
    /// The path within the app.
    pub path: String,
}

/// The words of a notice; `None`: of an auction that is not there, which no event can bring about.
pub(crate) fn text(picture: &Picture, notice: &Notice, english: bool, clock: UtcOffset) -> Option<Text> {
    let auction = picture.auction(notice.auction)?;
    let lot = notice.lot.and_then(|lot| auction.lots.get(usize::from(lot.0))).map(|lot| lot.code.to_string());
    let (id, name) = (notice.auction.0, &auction.terms.title);
    let price = notice.price.map(|price| price.to_string()).unwrap_or_default();
    let amount = notice.amount.map(|amount| amount.to_string()).unwrap_or_default();
    let ends = notice.ends.map(|ends| hour(ends.us(), clock)).unwrap_or_default();
    let reason = notice.reason.as_deref().unwrap_or_default();
    let unit = &auction.terms.unit;
    let place = match (&lot, english) {
        (Some(lot), true) => format!("{name} (#{id}), lot {lot}"),
        (None, true) => format!("{name} (#{id})"),
        (Some(lot), false) => format!("{name}（#{id}）标的 {lot}"),
        (None, false) => format!("{name}（#{id}）"),
    };
    let (title, rest) = if english {
        match notice.kind {
            NoticeKind::Overtaken => {
                ("Overtaken", format!("The best price is now {price} CNY/{unit}; ends at {ends}."))
            }
            NoticeKind::EndsSoon => ("Ends soon", format!("Ends at {ends}.")),
            NoticeKind::Won => ("Won", format!("At {price} CNY/{unit}, {amount} CNY in all.")),
            NoticeKind::Lost => ("Lost", format!("It went to another at {price} CNY/{unit}.")),
            NoticeKind::Sold => ("Contract made", format!("At {price} CNY/{unit}, {amount} CNY in all.")),
            NoticeKind::Approved => ("Announcement approved", String::new()),
            NoticeKind::Refused => ("Announcement refused", format!("Reason: {reason}")),
            NoticeKind::Released => ("Margin released", format!("{amount} CNY.")),
        }
    } else {
        match notice.kind {
            NoticeKind::Overtaken => ("出价被超越", format!("当前最优价 {price} 元/{unit}，{ends} 结束。")),
            NoticeKind::EndsSoon => ("即将结束", format!("{ends} 结束。")),
            NoticeKind::Won => ("竞价成交", format!("成交价 {price} 元/{unit}，金额 {amount} 元。")),
            NoticeKind::Lost => ("未成交", format!("由他方以 {price} 元/{unit} 成交。")),
            NoticeKind::Sold => ("标的成交", format!("成交价 {price} 元/{unit}，金额 {amount} 元。")),
            NoticeKind::Approved => ("公告审核通过", String::new()),
            NoticeKind::Refused => ("公告未通过审核", format!("原因：{reason}")),
            NoticeKind::Released => ("保证金已释放", format!("{amount} 元。")),
        }
    };
    let gap = if english && !rest.is_empty() {
        ". "
    } else if rest.is_empty() {
        ""
    } else {
        "。"
    };
    let path = match &lot {
        Some(lot) => format!("/auctions/{id}/{}", encoded(lot)),
        None => format!("/auctions/{id}"),
    };
    Some(Text { title: title.to_owned(), body: format!("{place}{gap}{rest}"), path })
}

/// What a test says.
pub(crate) fn trial(english: bool) -> Text {
    let (title, body) = if english {
        ("Test notice", "Notices of the exchange reach you this way.")
    } else {
        ("测试通知", "交易所的通知可以通过这一方式送达。")
    };
    Text { title: title.to_owned(), body: body.to_owned(), path: "/me".to_owned() }
}

/// `HH:MM:SS` by the user's clock.
fn hour(us: i64, clock: UtcOffset) -> String {
    let second = (us.div_euclid(1_000_000) + i64::from(clock.minutes()) * 60).rem_euclid(24 * 3600);
    format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

/// A part of a path: what is no plain letter or digit is written as bytes in hexadecimal.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
