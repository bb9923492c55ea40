//! How the units of the exchange stand in SQL.

use exchange::approvals::Decision;
use exchange::ledger::Account;
use exchange::markets::auction::{AuctionStatus, LotStatus, Side};
use exchange::members::Role;
use exchange::products::Kind;
use exchange::units::{
    ApprovalId, AuctionId, ContractId, HaltId, Instant, LotIndex, MemberId, Money, Price, ProductId, Quantity,
    Sequence, UserId,
};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Value, ValueRef};

use crate::record::ActKind;

/// A value of the exchange as a parameter or a column.
#[derive(Clone, Copy)]
pub(crate) struct Sql<T>(pub T);

/// What has a form in SQL.
pub(crate) trait Column: Sized {
    fn write(&self) -> Value;
    /// `None`: not of this form.
    fn read(value: ValueRef<'_>) -> Option<Self>;
}

impl<T: Column> ToSql for Sql<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Owned(self.0.write()))
    }
}

impl<T: Column> FromSql for Sql<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        T::read(value).map(Sql).ok_or(FromSqlError::InvalidType)
    }
}

impl<T: Column> Column for Option<T> {
    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, Column::write)
    }
    fn read(value: ValueRef<'_>) -> Option<Self> {
        if value == ValueRef::Null { Some(None) } else { T::read(value).map(Some) }
    }
}

impl Column for i64 {
    fn write(&self) -> Value {
        Value::Integer(*self)
    }
    fn read(value: ValueRef<'_>) -> Option<Self> {
        value.as_i64().ok()
    }
}

/// SQLite's integers have a sign. The exchange's counts stay far below 2⁶³; one that did not would come back as it was
/// and only be sorted wrongly.
impl Column for u64 {
    fn write(&self) -> Value {
        Value::Integer(self.cast_signed())
    }
    fn read(value: ValueRef<'_>) -> Option<Self> {
        value.as_i64().ok().map(i64::cast_unsigned)
    }
}

impl Column for u32 {
    fn write(&self) -> Value {
        Value::Integer(i64::from(*self))
    }
    fn read(value: ValueRef<'_>) -> Option<Self> {
        value.as_i64().ok()?.try_into().ok()
    }
}

impl Column for bool {
    fn write(&self) -> Value {
        Value::Integer(i64::from(*self))
    }
    fn read(value: ValueRef<'_>) -> Option<Self> {
        match value.as_i64().ok()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Column for String {
    fn write(&self) -> Value {
        Value::Text(self.clone())
    }
    fn read(value: ValueRef<'_>) -> Option<Self> {
        value.as_str().ok().map(str::to_owned)
    }
}

/// An integer of fen where it fits 64 bits, else the 16 bytes of the two's complement, most significant first.
impl Column for Money {
    fn write(&self) -> Value {
        match i64::try_from(self.fen()) {
            Ok(small) => Value::Integer(small),
            Err(_) => Value::Blob(self.fen().to_be_bytes().to_vec()),
        }
    }
    fn read(value: ValueRef<'_>) -> Option<Self> {
        match value {
            ValueRef::Integer(small) => Some(Money::from_fen(i128::from(small))),
            ValueRef::Blob(bytes) => Some(Money::from_fen(i128::from_be_bytes(bytes.try_into().ok()?))),
            _ => None,
        }
    }
}

impl Column for Price {
    fn write(&self) -> Value {
        self.fen().write()
    }
    fn read(value: ValueRef<'_>) -> Option<Self> {
        Price::from_fen(u64::read(value)?)
    }
}

impl Column for Quantity {
    fn write(&self) -> Value {
        self.millionths().write()
    }
    fn read(value: ValueRef<'_>) -> Option<Self> {
        Quantity::from_millionths(u64::read(value)?)
    }
}

impl Column for Instant {
    fn write(&self) -> Value {
        Value::Integer(self.us())
    }
    fn read(value: ValueRef<'_>) -> Option<Self> {
        value.as_i64().ok().map(Instant::from_us)
    }
}

macro_rules! numbers {
    ($($name:ident($inner:ty)),*) => {$(
        impl Column for $name {
            fn write(&self) -> Value {
                self.0.write()
            }
            fn read(value: ValueRef<'_>) -> Option<Self> {
                <$inner>::read(value).map($name)
            }
        }
    )*};
}

numbers!(
    MemberId(u32),
    UserId(u32),
    ProductId(u32),
    AuctionId(u32),
    ContractId(u32),
    HaltId(u32),
    ApprovalId(u32),
    Sequence(u64)
);

impl Column for LotIndex {
    fn write(&self) -> Value {
        Value::Integer(i64::from(self.0))
    }
    fn read(value: ValueRef<'_>) -> Option<Self> {
        Some(LotIndex(value.as_i64().ok()?.try_into().ok()?))
    }
}

macro_rules! words {
    ($($name:ident: $all:expr),* $(,)?) => {$(
        impl Column for $name {
            fn write(&self) -> Value {
                Value::Text(self.word().to_owned())
            }
            fn read(value: ValueRef<'_>) -> Option<Self> {
                let word = value.as_str().ok()?;
                $all.into_iter().find(|each| each.word() == word)
            }
        }
    )*};
}

words!(
    Side: [Side::Sale, Side::Procurement],
    Role: Role::ALL,
    Kind: Kind::ALL,
    ActKind: ActKind::ALL,
    AuctionStatus: [
        AuctionStatus::Submitted,
        AuctionStatus::Rejected,
        AuctionStatus::Published,
        AuctionStatus::Running,
        AuctionStatus::Suspended,
        AuctionStatus::Closed,
        AuctionStatus::Cancelled,
    ],
    LotStatus: [
        LotStatus::Waiting,
        LotStatus::Running,
        LotStatus::Sold,
        LotStatus::Unsold,
        LotStatus::Cancelled,
        LotStatus::Annulled,
    ],
);

impl Column for Decision {
    fn write(&self) -> Value {
        let word = match self {
            Decision::Waiting => "waiting",
            Decision::Done => "done",
            Decision::Declined => "declined",
        };
        Value::Text(word.to_owned())
    }
    fn read(value: ValueRef<'_>) -> Option<Self> {
        match value.as_str().ok()? {
            "waiting" => Some(Decision::Waiting),
            "done" => Some(Decision::Done),
            "declined" => Some(Decision::Declined),
            _ => None,
        }
    }
}

/// Accounts without their member, with the numbers of the ledger's format.
const KINDS: u64 = 8;

/// Whose an account is (0: the exchange itself) and of which kind. What is held for sealed bids counts as available,
/// as everyone but its owner reads it.
pub(crate) fn account(account: Account) -> (MemberId, u32) {
    let account = match account {
        Account::SealedMargin(member) => Account::Available(member),
        other => other,
    };
    let kind = u32::try_from(account.number() % KINDS).expect("below KINDS");
    (account.member().unwrap_or(MemberId(0)), kind)
}

/// The account of this member and kind.
pub(crate) fn account_of(member: MemberId, kind: u32) -> Option<Account> {
    Account::from_number(u64::from(member.0) * KINDS + u64::from(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects money beyond 64 bits, of either sign, on its way through SQL.
    #[test]
    fn money_survives_sql() {
        for fen in
            [0, -1, 23, i128::from(i64::MAX), i128::from(i64::MAX) + 1, i128::from(i64::MIN) - 1, -(1i128 << 100)]
        {
            let written = Money::from_fen(fen).write();
            assert_eq!(Money::read(ValueRef::from(&written)), Some(Money::from_fen(fen)));
            assert_eq!(matches!(written, Value::Blob(_)), i64::try_from(fen).is_err());
        }
    }

    /// Protects that every account comes back from its two columns, and that sealed margins read as available.
    #[test]
    fn accounts_survive_sql() {
        let member = MemberId(7);
        for each in [
            Account::Bank,
            Account::Available(member),
            Account::BidMargin(member),
            Account::InitiatorMargin(member),
            Account::ContractMargin(member),
        ] {
            let (whose, kind) = account(each);
            assert_eq!(account_of(whose, kind), Some(each));
        }
        assert_eq!(account(Account::SealedMargin(member)), account(Account::Available(member)));
    }
}
