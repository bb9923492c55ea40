-- The same bid as a stored function: the ten rules of an open auction in their order, the bidder's margin held and that
-- of the overtaken leader released, the bid and its postings written, the answer remembered under its key. Rows of the
-- lot and of both members are locked; members in the order of their numbers, so that two bids never wait for each other.

create table members (
    id        int primary key,
    code      text not null unique,
    available bigint not null check (available >= 0),
    held      bigint not null check (held >= 0)
);
create table users (
    id     int primary key,
    member int not null references members,
    locked boolean not null default false
);
create table auctions (
    id          int primary key,
    initiator   int not null references members,
    start_price bigint not null,
    limit_price bigint,
    step        bigint not null,
    max_step    bigint,
    opens       timestamptz not null,
    closes      timestamptz not null,
    countdown   interval not null,
    consecutive boolean not null,
    margin_rate numeric not null,
    eligible    int[]
);
create table lots (
    auction  int not null references auctions,
    lot      int not null,
    quantity numeric not null,
    ends     timestamptz not null,
    best     bigint,
    leader   int references members,
    accepted int not null default 0,
    rejected int not null default 0,
    primary key (auction, lot)
) with (fillfactor = 50);
create table holds (
    auction int not null,
    lot     int not null,
    member  int not null references members,
    amount  bigint not null,
    primary key (auction, lot),
    foreign key (auction, lot) references lots
) with (fillfactor = 50);
create table bids (
    sequence bigint generated always as identity primary key,
    at       timestamptz not null,
    auction  int not null,
    lot      int not null,
    member   int not null,
    price    bigint not null,
    margin   bigint,
    reason   text
);
create table postings (
    id           bigint generated always as identity primary key,
    bid          bigint not null,
    member       int not null,
    from_account text not null,
    to_account   text not null,
    amount       bigint not null
);
create table requests (
    user_id     int not null,
    key         text not null,
    fingerprint text not null,
    sequence    bigint not null,
    reason      text,
    margin      bigint,
    primary key (user_id, key)
);

-- A client of pgbench does not know what was bid last, so it says by how many steps it bids above it (0: too late).
create function bid(
    p_user int, p_auction int, p_lot int, p_steps bigint, p_key text,
    out o_sequence bigint, out o_reason text, out o_margin bigint
) language plpgsql as $$
declare
    a        auctions;
    l        lots;
    h        holds;
    before   requests;
    bidder   int;
    now_at   timestamptz;
    price    bigint;
    has      bigint;
    print    text;
begin
    print := md5(p_auction || '/' || p_lot || '/' || p_steps);
    select * into before from requests r where r.user_id = p_user and r.key = p_key;
    if found then
        if before.fingerprint <> print then
            o_reason := 'idempotency_key_reused';
            return;
        end if;
        o_sequence := before.sequence;
        o_reason := before.reason;
        o_margin := before.margin;
        return;
    end if;

    select u.member into bidder from users u where u.id = p_user and not u.locked;
    if not found then
        o_reason := 'not_signed_in';
        return;
    end if;
    select * into a from auctions where id = p_auction;
    if not found then
        o_reason := 'unknown_auction';
        return;
    end if;
    select * into l from lots where auction = p_auction and lot = p_lot for update;
    if not found then
        o_reason := 'unknown_lot';
        return;
    end if;
    now_at := clock_timestamp();
    perform 1 from members m where m.id in (bidder, l.leader) order by m.id for update;
    select * into h from holds where auction = p_auction and lot = p_lot;
    price := coalesce(l.best, a.start_price - a.step) + p_steps * a.step;
    o_margin := round(price * l.quantity * a.margin_rate);
    select m.available + case when l.leader = bidder then h.amount else 0 end into has from members m where m.id = bidder;

    o_reason := case
        when now_at < a.opens or now_at >= l.ends then 'not_open'
        when bidder = a.initiator then 'own_auction'
        when a.eligible is not null and bidder <> all (a.eligible) then 'not_eligible'
        when l.leader = bidder and not a.consecutive then 'consecutive_bid'
        when (price - a.start_price) % a.step <> 0 then 'off_step'
        when price < a.start_price or price <= l.best then 'not_better'
        when price - coalesce(l.best, a.start_price) > a.max_step then 'above_max_step'
        when price > a.limit_price then 'beyond_limit'
        when has < o_margin then 'insufficient_margin'
    end;
    if o_reason is not null then
        o_margin := null;
        update lots set rejected = rejected + 1 where auction = p_auction and lot = p_lot;
        insert into bids (at, auction, lot, member, price, reason)
            values (now_at, p_auction, p_lot, bidder, price, o_reason) returning sequence into o_sequence;
    else
        insert into bids (at, auction, lot, member, price, margin)
            values (now_at, p_auction, p_lot, bidder, price, o_margin) returning sequence into o_sequence;
        if l.leader is not null then
            update members set available = available + h.amount, held = held - h.amount where id = l.leader;
            insert into postings (bid, member, from_account, to_account, amount)
                values (o_sequence, l.leader, 'bid_margin', 'available', h.amount);
            update holds set member = bidder, amount = o_margin where auction = p_auction and lot = p_lot;
        else
            insert into holds values (p_auction, p_lot, bidder, o_margin);
        end if;
        update members set available = available - o_margin, held = held + o_margin where id = bidder;
        insert into postings (bid, member, from_account, to_account, amount)
            values (o_sequence, bidder, 'available', 'bid_margin', o_margin);
        update lots
            set best = price, leader = bidder, accepted = accepted + 1,
                ends = case
                    when price = a.limit_price then now_at
                    when now_at >= l.ends - a.countdown then greatest(l.ends, now_at + a.countdown)
                    else l.ends
                end
            where auction = p_auction and lot = p_lot;
    end if;
    insert into requests values (p_user, p_key, print, o_sequence, o_reason, o_margin);
end
$$;

insert into members select n, 'M' || n, 1000000000000000, 0 from generate_series(1, :members + 1) n;
insert into users select n, 2 + (n - 1) % :members from generate_series(1, :traders) n;
insert into auctions
    values (1, 1, 56500000, null, 1, null, now(), now() + interval '30 days', interval '180 seconds', false, 0.2, null);
insert into lots select 1, n, 20, now() + interval '30 days' from generate_series(0, :lots - 1) n;
