/* The border between galaxies as a model for spin: what docs/border.md says, no more, and a world that is as nasty as may be.
 *
 * Three servers. Each has a memory (the world after the newest tick) and a disk (the world after the newest durable tick);
 * an input changes the memory, `Disk` makes it durable, a crash puts the memory back to what the disk says. All that a
 * server keeps beside its world (queues, connections, what it was about to send) is taken as lost in every moment: each
 * step looks at memory or disk only. A message, once sent, may be delivered never, once or many times, in any order, at
 * any later moment. A soul carries one credit, so a soul that is doubled or lost shows as money, too.
 *
 * Soul 0 can be a host and soul 1 its passenger (-DSOULS=2). Departures in all: TRANSFERS. A departure is a cut to another
 * server or a download into a file; a file may be uploaded anywhere, again and again.
 *
 * In every state (process Check):
 *   each soul is in exactly one of: alive at one server, in flight, away in a file, ended; on disk and in memory;
 *   each server's accounts + escrow = minted - burned; over all servers minted - burned, less what a destination has and the
 *   source still holds, plus what is released and not awake yet = the credits of the founding;
 *   who rides is where its host is, and no passenger is taken in where its host was not; nothing is settled without an answer that is durable at the destination.
 * Liveness (-DLIVENESS, ltl answered): once crashes and losses have an end, every cut is answered.
 *
 * Mistakes to be caught, one at a time: -DNO_TOMBSTONE -DNO_EPOCH -DACK_EARLY -DSEND_EARLY -DRELEASE_EARLY -DUNSIGNED
 * -DVOLATILE_DIRECTORY -DONE_ANSWER -DSETTLE_BLIND -DFORGET_CROSSING -DTOMBSTONE_OVER -DNO_CLAIM -DCLAIM_ANYBODY -DMINT_AT_HOME
 * -DRIDER_FIRST -DNO_RETRY.
 * With -DKEYS -DNO_FILES: the secret of a soul goes with its letters and is forgotten where it has gone from; where a soul is, or is
 * in flight from, its key is. Letters are judged on another thread than the world's, so the key of a letter is there before the
 * letter is. To be caught: -DFORGET_KEY.
 * models/run checks the model and that each of them is found; docs/border-model.md has the results. */

#ifndef TRANSFERS
#define TRANSFERS 3
#endif
#ifndef SOULS
#define SOULS 1
#endif
#define SERVERS 3

/* States of a directory's entry. */
#define NONE 0
#define ALIVE 1
#define RIDING 2
#define IN_FLIGHT 3
#define AWAY 4
#define GONE 5
#define REFUSED 6              /* with -DTOMBSTONE_OVER only */
#define ENDED 7

#define BIT(t) (1 << (t))
#define HAS(set, t) (((set) >> (t)) & 1)

typedef Entry { byte state; byte epoch; byte by }   /* by: the transfer that made it, +1; 0: none */
typedef Store {
    Entry soul[SOULS];
    byte held;               /* set of transfers: a crossing row at the source, credits in escrow */
    byte accepted;           /* set of transfers: the destination's answers, for ever */
    byte refused;
    byte released[TRANSFERS];/* a file of this server: to whom it was released, +1 */
    byte accounts, escrow, net /* net: minted - burned */
}
Store mem[SERVERS];
Store disk[SERVERS];

/* A transfer as its envelope says it; signed, so nobody can change it. */
typedef Transfer { byte soul; byte from; byte to; byte epoch; bool is_file; byte host /* transfer of the host, +1 */ }
Transfer transfer[TRANSFERS];
byte used;                   /* set: this transfer was made (and not lost with a crash before it was durable) */
byte sent, receipt, refusal; /* sets: messages under way. sent: the envelope, or the file in somebody's hands */
byte release[TRANSFERS];     /* a signed release of this file to server .. +1 */
bool calm;
#ifdef KEYS
byte key[SERVERS];           /* sets of souls; durable at once, before anything that stands on it */
byte brought;                /* set: the letter of this transfer was judged, its key taken; the world has not been asked */
byte settled;                /* set: the key of this transfer's soul is to be forgotten at its source */
#endif
hidden byte i, k, n, u;      /* scratch inside one step: no state */

#define IS_HERE(e) (e.state == ALIVE || e.state == RIDING)

inline copy(to, from)
{
    for (i : 0 .. SOULS - 1) {
        to.soul[i].state = from.soul[i].state; to.soul[i].epoch = from.soul[i].epoch; to.soul[i].by = from.soul[i].by;
   }
    to.held = from.held; to.accepted = from.accepted; to.refused = from.refused;
    for (i : 0 .. TRANSFERS - 1) { to.released[i] = from.released[i]; }
    to.accounts = from.accounts; to.escrow = from.escrow; to.net = from.net;
    i = 0
}

/* One of the two views of the whole: disk or memory. */
#define check_view(view) \
    for (k : 0 .. SOULS - 1) { \
        n = 0; \
        for (i : 0 .. SERVERS - 1) { \
            if :: IS_HERE(view[i].soul[k]) || view[i].soul[k].state == ENDED -> n++ :: else fi; \
            if :: view[i].soul[k].state == RIDING -> assert(k == 1 && view[i].soul[0].state == ALIVE) :: else fi \
        } \
        for (i : 0 .. TRANSFERS - 1) { \
            if \
            :: HAS(used, i) && transfer[i].soul == k -> \
                if \
                :: !transfer[i].is_file && HAS(view[transfer[i].from].held, i) && !HAS(view[transfer[i].to].accepted, i) -> n++ \
                :: transfer[i].is_file && HAS(view[transfer[i].from].held, i) -> n++ \
                :: transfer[i].is_file && view[transfer[i].from].released[i] != 0 -> \
                    if :: !HAS(view[view[transfer[i].from].released[i] - 1].accepted, i) -> n++ :: else fi \
                :: else \
                fi \
            :: else \
            fi \
        } \
        assert(n == 1) \
    } \
    n = 0; \
    for (i : 0 .. SERVERS - 1) { \
        assert(view[i].accounts + view[i].escrow == view[i].net); \
        n = n + view[i].net \
    } \
    for (i : 0 .. TRANSFERS - 1) { \
        if \
        :: HAS(used, i) && !transfer[i].is_file && HAS(view[transfer[i].from].held, i) && HAS(view[transfer[i].to].accepted, i) -> n-- \
        :: HAS(used, i) && transfer[i].is_file && view[transfer[i].from].released[i] != 0 -> \
            if :: !HAS(view[view[transfer[i].from].released[i] - 1].accepted, i) -> n++ :: else fi \
        :: else \
        fi \
    } \
    assert(n == SOULS); \
    n = 0; k = 0; i = 0

#ifdef KEYS
#define NEEDS_KEY(e) (IS_HERE(e) || e.state == IN_FLIGHT)
inline check_keys()
{
    for (i : 0 .. SERVERS - 1) {
        for (k : 0 .. SOULS - 1) {
            if :: NEEDS_KEY(disk[i].soul[k]) || NEEDS_KEY(mem[i].soul[k]) -> assert(HAS(key[i], k)) :: else fi
        }
    }
    i = 0; k = 0
}
#else
#define check_keys() skip
#endif

/* The next free number for a transfer; TRANSFERS when there is none. */
inline take_number(t)
{
    t = 0;
    do :: t < TRANSFERS && HAS(used, t) -> t++ :: else -> break od
}

inline leave(s, k, d, into_file, t, host_transfer)
{
    used = used | BIT(t);
    mem[s].soul[k].epoch++;
    transfer[t].soul = k; transfer[t].from = s; transfer[t].to = d; transfer[t].epoch = mem[s].soul[k].epoch;
    transfer[t].is_file = into_file; transfer[t].host = host_transfer;
    if :: into_file -> mem[s].soul[k].state = AWAY :: else -> mem[s].soul[k].state = IN_FLIGHT fi;
    mem[s].soul[k].by = t + 1;
    mem[s].held = mem[s].held | BIT(t);
    mem[s].accounts--; mem[s].escrow++
}

#define CARRIES(s) (SOULS == 2 && mem[s].soul[SOULS - 1].state == RIDING)

/* One option per transfer, per server, per pair: without options that do nothing, so that fairness means something. */
#if TRANSFERS == 2
#define EACH_TRANSFER(option) option(0) option(1)
#elif TRANSFERS == 3
#define EACH_TRANSFER(option) option(0) option(1) option(2)
#elif TRANSFERS == 4
#define EACH_TRANSFER(option) option(0) option(1) option(2) option(3)
#elif TRANSFERS == 5
#define EACH_TRANSFER(option) option(0) option(1) option(2) option(3) option(4)
#elif TRANSFERS == 6
#define EACH_TRANSFER(option) option(0) option(1) option(2) option(3) option(4) option(5)
#else
#define EACH_TRANSFER(option) option(0) option(1) option(2) option(3) option(4) option(5) option(6)
#endif
#define EACH_SERVER(option) option(0) option(1) option(2)
#define EACH_WAY(option) option(0, 1) option(0, 2) option(1, 0) option(1, 2) option(2, 0) option(2, 1)

#define FREE (used != BIT(TRANSFERS) - 1)
#define CARRIES(s) (SOULS == 2 && mem[s].soul[SOULS - 1].state == RIDING)

#define CUT_SOUL(s, d, k) :: atomic { FREE && mem[s].soul[k].state == ALIVE && !(k == 0 && CARRIES(s)) -> \
        take_number(t); leave(s, k, d, false, t, 0); t = 0 }
/* A host's passenger follows in the same input, or nobody goes. */
#define CUT_BOTH(s, d) :: atomic { FREE && mem[s].soul[0].state == ALIVE && CARRIES(s) -> \
        take_number(t); \
        u = t + 1; \
        do :: u < TRANSFERS && HAS(used, u) -> u++ :: else -> break od; \
        if \
        :: u < TRANSFERS -> leave(s, 0, d, false, t, 0); leave(s, (SOULS - 1), d, false, u, t + 1) \
        :: else \
        fi; \
        u = 0; t = 0 }
#if SOULS == 2
#define CUT(s, d) CUT_SOUL(s, d, 0) CUT_SOUL(s, d, 1) CUT_BOTH(s, d)
#define DOWNLOAD(s) DOWNLOAD_SOUL(s, 0) DOWNLOAD_SOUL(s, 1)
#else
#define CUT(s, d) CUT_SOUL(s, d, 0)
#define DOWNLOAD(s) DOWNLOAD_SOUL(s, 0)
#endif
/* Passengers leave before a file is made of their host. */
#define DOWNLOAD_SOUL(s, k) :: atomic { FREE && mem[s].soul[k].state == ALIVE && !(k == 0 && CARRIES(s)) -> \
        take_number(t); leave(s, k, s, true, t, 0); t = 0 }
#define BOARD(s) :: atomic { mem[s].soul[0].state == ALIVE && mem[s].soul[SOULS - 1].state == ALIVE -> mem[s].soul[SOULS - 1].state = RIDING }
#define ALIGHT(s) :: atomic { mem[s].soul[SOULS - 1].state == RIDING -> mem[s].soul[SOULS - 1].state = ALIVE }
#define END(s) :: atomic { mem[s].soul[0].state == ALIVE -> \
        if :: CARRIES(s) -> mem[s].soul[SOULS - 1].state = ENDED :: else fi; \
        mem[s].soul[0].state = ENDED }

/* What people do: cut, download; board, leave, end. */
active proctype Owner()
{
    byte t;
    do
    EACH_WAY(CUT)
#ifndef NO_FILES
    EACH_SERVER(DOWNLOAD)
#endif
#if SOULS == 2
    EACH_SERVER(BOARD)
    EACH_SERVER(ALIGHT)
#endif
#ifdef ENDING
    EACH_SERVER(END)
#endif
#ifdef LIVENESS
    :: break /* nobody need leave */
#endif
    od
}

/* A tick becomes durable; a server dies and stands up again. */
#define DIFFERS(s) (mem[s].held != disk[s].held || mem[s].accepted != disk[s].accepted || mem[s].refused != disk[s].refused \
        || mem[s].net != disk[s].net \
        || mem[s].soul[0].state != disk[s].soul[0].state || mem[s].soul[0].by != disk[s].soul[0].by \
        || mem[s].soul[SOULS - 1].state != disk[s].soul[SOULS - 1].state || mem[s].soul[SOULS - 1].by != disk[s].soul[SOULS - 1].by)

active [SERVERS] proctype Disk()
{
    do
    :: d_step { DIFFERS(_pid - 1) -> copy(disk[_pid - 1], mem[_pid - 1]) }
    od
}

inline crash(s)
{
#ifdef KEYS
    for (i : 0 .. TRANSFERS - 1) { /* kept beside the world */
        if :: HAS(brought, i) && transfer[i].to == s -> brought = brought & ~BIT(i) :: else fi;
        if :: HAS(settled, i) && transfer[i].from == s -> settled = settled & ~BIT(i) :: else fi
    }
#endif
    for (i : 0 .. TRANSFERS - 1) { /* what nobody has seen never was: its number is free again */
        if
        :: HAS(used, i) && transfer[i].from == s && HAS(mem[s].held, i) && !HAS(disk[s].held, i) && !HAS(sent, i) ->
            used = used & ~BIT(i);
            transfer[i].soul = 0; transfer[i].from = 0; transfer[i].to = 0; transfer[i].epoch = 0;
            transfer[i].is_file = false; transfer[i].host = 0
        :: else
        fi
   }
    copy(mem[s], disk[s])
#ifdef VOLATILE_DIRECTORY
    ;
    for (i : 0 .. SOULS - 1) {
        if
        :: mem[s].soul[i].state == GONE || mem[s].soul[i].state == REFUSED ->
            mem[s].soul[i].state = NONE; mem[s].soul[i].epoch = 0; mem[s].soul[i].by = 0
        :: else
        fi
   }
    mem[s].accepted = 0; mem[s].refused = 0; i = 0
#endif
}
#define CRASH(s) :: d_step { !calm && DIFFERS(s) -> crash(s) }
#ifdef VOLATILE_DIRECTORY
#undef DIFFERS
#define DIFFERS(s) true
#endif

active proctype Crash()
{
    do
    EACH_SERVER(CRASH)
#ifdef LIVENESS
    :: calm -> break
#endif
    od
}

/* The source sends each envelope it holds, again and again; a file is given out once it is durable. */
#ifdef SEND_EARLY
#define HELD(t) HAS(mem[transfer[t].from].held, t)
#else
#define HELD(t) HAS(disk[transfer[t].from].held, t)
#endif
/* A passenger follows when its host was taken in, and comes home with it when it was not. */
#ifdef RIDER_FIRST
#define MAY_FOLLOW(t) true
#else
#define MAY_FOLLOW(t) (transfer[t].host == 0 || !HAS(disk[transfer[t].from].held, transfer[t].host - 1))
#endif
#define SEND(t) :: d_step { HAS(used, t) && HELD(t) && MAY_FOLLOW(t) && !HAS(sent, t) -> sent = sent | BIT(t) }
#ifdef NO_RETRY
byte once;                   /* set: sent once already */
#undef SEND
#define SEND(t) :: d_step { HAS(used, t) && HELD(t) && !HAS(once, t) -> sent = sent | BIT(t); once = once | BIT(t) }
#endif
active proctype Sender()
{
    do
    EACH_TRANSFER(SEND)
    od
}

#define ENTRY(t) mem[transfer[t].to].soul[transfer[t].soul]
#define ANSWERED(s, t) (HAS(mem[s].accepted, t) || HAS(mem[s].refused, t))
/* A soul may come back before the receipt of its departure does. Then it waits: the answer to its own departure comes first,
 * so that an open crossing is never written over. */
#ifdef FORGET_CROSSING
#define MAY_ENTER(d, t) true
#else
#define MAY_ENTER(d, t) (mem[d].soul[transfer[t].soul].state != IN_FLIGHT)
#endif

inline arrive(d, t)
{
    assert(!HAS(disk[d].accepted, t)); /* no transfer is accepted twice */
    assert(transfer[t].host == 0 || HAS(mem[d].accepted, transfer[t].host - 1)); /* nobody is taken where its host is not */
    mem[d].soul[transfer[t].soul].epoch = transfer[t].epoch;
    mem[d].soul[transfer[t].soul].by = t + 1;
    mem[d].accepted = mem[d].accepted | BIT(t);
    mem[d].accounts++; mem[d].net++;
    if
    :: transfer[t].host != 0 && mem[d].soul[0].state == ALIVE && mem[d].soul[0].by == transfer[t].host ->
        mem[d].soul[transfer[t].soul].state = RIDING
    :: else -> mem[d].soul[transfer[t].soul].state = ALIVE
    fi
}

/* A tombstone stands beside the directory's entry: the entry is about the life that was accepted last. */
inline refuse(d, t)
{
#ifdef NO_TOMBSTONE
    refusal = refusal | BIT(t)
#else
#ifdef TOMBSTONE_OVER
    mem[d].soul[transfer[t].soul].state = REFUSED;
    mem[d].soul[transfer[t].soul].epoch = transfer[t].epoch;
    mem[d].soul[transfer[t].soul].by = t + 1;
#endif
    mem[d].refused = mem[d].refused | BIT(t)
#endif
}

#ifdef LIVENESS
#define TAKE(set, t) if :: calm -> set = set & ~BIT(t) :: else fi
#else
#define TAKE(set, t) skip
#endif

#ifdef ACK_EARLY
#define ANSWERS mem
#else
#define ANSWERS disk
#endif

#define AT(t) transfer[t].to
#define LIES_AT(t) (HAS(used, t) && HAS(sent, t) && AT(t) == ME && !transfer[t].is_file)
#ifdef NO_EPOCH
#define IS_NEW(t) true
#else
#define IS_NEW(t) (ENTRY(t).epoch < transfer[t].epoch && ENTRY(t).state != ENDED)
#endif

/* The destination: an envelope is there; decide once (in memory), answer what is durable. It may refuse whatever it likes
 * (full, secluded, closed), but the same transfer always gets the same answer. */
#ifdef ONE_ANSWER
/* The directory's entry knows its newest transfer only; any other one of an epoch that it has passed is refused. */
#define ACCEPT(t) :: atomic { LIES_AT(t) && !ANSWERED(ME, t) && IS_NEW(t) && MAY_ENTER(ME, t) -> arrive(ME, t) }
#define REFUSE(t) :: atomic { LIES_AT(t) && !ANSWERED(ME, t) -> refuse(ME, t) }
#define SAY_YES(t) :: atomic { LIES_AT(t) && !HAS(receipt, t) && HAS(disk[ME].accepted, t) && ENTRY(t).by == t + 1 -> receipt = receipt | BIT(t) }
#define SAY_NO(t) :: atomic { LIES_AT(t) && !HAS(refusal, t) && (HAS(disk[ME].refused, t) || (HAS(disk[ME].accepted, t) && ENTRY(t).by != t + 1)) -> refusal = refusal | BIT(t) }
#else
#define ACCEPT(t) :: atomic { LIES_AT(t) && !ANSWERED(ME, t) && IS_NEW(t) && MAY_ENTER(ME, t) && HAS_KEY(t) -> arrive(ME, t) }
#define REFUSE(t) :: atomic { LIES_AT(t) && !ANSWERED(ME, t) -> refuse(ME, t) }
#define SAY_YES(t) :: atomic { LIES_AT(t) && !HAS(receipt, t) && HAS(ANSWERS[ME].accepted, t) -> receipt = receipt | BIT(t); TAKE(sent, t) }
#define SAY_NO(t) :: atomic { LIES_AT(t) && !HAS(refusal, t) && HAS(ANSWERS[ME].refused, t) -> refusal = refusal | BIT(t); TAKE(sent, t) }
#endif
/* The key comes with the letter, and is forgotten of who is refused; of who is not there, that is. A letter that has waited
 * may find its key forgotten again by then: it is asked for once more. */
#ifdef KEYS
#define SOUL(t) transfer[t].soul
#define JUDGE(t) :: atomic { LIES_AT(t) && !HAS(brought, t) -> brought = brought | BIT(t); key[ME] = key[ME] | BIT(SOUL(t)) }
#define IS_NOT_AT(s, t) (disk[s].soul[SOUL(t)].state == mem[s].soul[SOUL(t)].state && (ENTRY_AT(s, t) == GONE || ENTRY_AT(s, t) == NONE))
#define ENTRY_AT(s, t) mem[s].soul[SOUL(t)].state
#ifdef FORGET_KEY
#define HAS_KEY(t) HAS(brought, t)
#define FORGET_AT(s, t) key[s] = key[s] & ~BIT(SOUL(t))
#else
#define HAS_KEY(t) (HAS(brought, t) && HAS(key[ME], SOUL(t)))
#define FORGET_AT(s, t) if :: IS_NOT_AT(s, t) -> key[s] = key[s] & ~BIT(SOUL(t)) :: else fi
#endif
#define LET_GO(t) :: atomic { LIES_AT(t) && HAS(brought, t) && HAS(disk[ME].refused, t) -> brought = brought & ~BIT(t); FORGET_AT(ME, t) }
#define ASK_AGAIN(t) :: atomic { HAS(brought, t) && AT(t) == ME && (HAS(mem[ME].accepted, t) || !HAS(key[ME], SOUL(t))) -> brought = brought & ~BIT(t) }
#else
#define HAS_KEY(t) true
#endif
#define ME (_pid - SERVERS - 3)
active [SERVERS] proctype Receiver()
{
    do
#ifdef KEYS
    EACH_TRANSFER(JUDGE)
    EACH_TRANSFER(LET_GO)
    EACH_TRANSFER(ASK_AGAIN)
#endif
    EACH_TRANSFER(ACCEPT)
    EACH_TRANSFER(REFUSE)
    EACH_TRANSFER(SAY_YES)
    EACH_TRANSFER(SAY_NO)
    od
}
#undef ME

/* The source hears an answer. A forged one is under way for each transfer, of both sorts. */
#ifdef UNSIGNED
#define HEARD_YES(t) true
#define HEARD_NO(t) true
#else
#define HEARD_YES(t) HAS(receipt, t)
#define HEARD_NO(t) HAS(refusal, t)
#endif

#ifdef SETTLE_BLIND
/* An answer is taken for the soul, whatever passage of it is open. */
#define WAITS(t) (HAS(used, t) && transfer[t].from == s && !transfer[t].is_file && HOME(t).state == IN_FLIGHT)
#else
#define WAITS(t) (HAS(used, t) && transfer[t].from == s && !transfer[t].is_file && HAS(mem[s].held, t))
#endif
inline come_home(s, x)
{
    mem[s].held = mem[s].held & ~BIT(x);
    mem[s].escrow--; mem[s].accounts++;
    mem[s].soul[transfer[x].soul].state = ALIVE
}
#if SOULS == 2 && !defined(RIDER_FIRST)
#define PASSENGER mem[s].soul[1]
#define BRING_PASSENGER(s, t) if \
        :: PASSENGER.state == IN_FLIGHT && transfer[PASSENGER.by - 1].host == t + 1 -> come_home(s, PASSENGER.by - 1); PASSENGER.state = RIDING \
        :: else \
        fi
#else
#define BRING_PASSENGER(s, t) skip
#endif
#define HOME(t) mem[s].soul[transfer[t].soul]
#define s (_pid - 2 * SERVERS - 3)
#define SETTLE(t) :: atomic { WAITS(t) && HEARD_YES(t) -> \
        assert(HAS(disk[AT(t)].accepted, t)); /* nothing is settled without a durable answer */ \
        mem[s].held = mem[s].held & ~BIT(t); \
        mem[s].escrow--; mem[s].net--; \
        HOME(t).state = GONE; \
        NOTE_SETTLED(t); \
        TAKE(receipt, t) }
#ifdef KEYS
#define NOTE_SETTLED(t) settled = settled | BIT(t)
#define FORGET(t) :: atomic { HAS(settled, t) && transfer[t].from == s && !HAS(disk[s].held, t) -> settled = settled & ~BIT(t); FORGET_AT(s, t) }
#else
#define NOTE_SETTLED(t) skip
#endif
#define RETURN(t) :: atomic { WAITS(t) && HEARD_NO(t) -> \
        assert(IS_REFUSED(t)); \
        assert(HOME(t).by == t + 1 && HOME(t).state == IN_FLIGHT); \
        come_home(s, t); \
        BRING_PASSENGER(s, t); \
        TAKE(refusal, t) }
#ifdef NO_TOMBSTONE
#define IS_REFUSED(t) true
#else
#define IS_REFUSED(t) (HAS(disk[AT(t)].refused, t) && !HAS(disk[AT(t)].accepted, t))
#endif
active [SERVERS] proctype Settler()
{
    do
    EACH_TRANSFER(SETTLE)
    EACH_TRANSFER(RETURN)
#ifdef KEYS
    EACH_TRANSFER(FORGET)
#endif
    od
}
#undef s

/* Files: uploaded where they came from, or elsewhere after the galaxy named in the file has released it. */
#ifdef RELEASE_EARLY
#define RELEASES mem
#else
#define RELEASES disk
#endif
#define KEEPER(t) mem[transfer[t].from]
#define KEPT(t) KEEPER(t).soul[transfer[t].soul]
#define IN_HAND(t) (HAS(used, t) && HAS(sent, t) && transfer[t].is_file)
#define IS_AWAY(t) (HAS(KEEPER(t).held, t) && KEPT(t).state == AWAY && KEPT(t).by == t + 1)
#define RELEASED(t) RELEASES[transfer[t].from].released[t]
/* At home: the escrow gives the credits back. */
#define WAKE_AT_HOME(t) :: atomic { IN_HAND(t) && IS_AWAY(t) -> \
        KEPT(t).state = ALIVE; \
        KEEPER(t).held = KEEPER(t).held & ~BIT(t); \
        PAY_BACK(t) }
#ifdef MINT_AT_HOME
#define PAY_BACK(t) KEEPER(t).accounts++; KEEPER(t).net++
#else
#define PAY_BACK(t) KEEPER(t).accounts++; KEEPER(t).escrow--
#endif
/* Elsewhere: the galaxy that the file names is asked (input Claim) ... */
#define CLAIM_FOR(t, d) :: atomic { IN_HAND(t) && IS_AWAY(t) && transfer[t].from != d -> \
        KEPT(t).state = GONE; \
        KEEPER(t).held = KEEPER(t).held & ~BIT(t); \
        KEEPER(t).escrow--; KEEPER(t).net--; \
        KEEPER(t).released[t] = d + 1 }
#define CLAIM(t) CLAIM_FOR(t, 0) CLAIM_FOR(t, 1) CLAIM_FOR(t, 2)
/* ... and answers him it was released to and nobody else, as often as he asks. */
#ifdef CLAIM_ANYBODY
#define IS_FOR(t, d) (RELEASED(t) != 0 && transfer[t].from != d)
#else
#define IS_FOR(t, d) (RELEASED(t) == d + 1)
#endif
#define RELEASE_TO(t, d) :: atomic { IN_HAND(t) && IS_FOR(t, d) && release[t] != d + 1 -> release[t] = d + 1 }
#define RELEASE(t) RELEASE_TO(t, 0) RELEASE_TO(t, 1) RELEASE_TO(t, 2)
/* Then it wakes, once. */
#ifdef NO_CLAIM
#define MAY_WAKE(t, d) (transfer[t].from != d)
#else
#define MAY_WAKE(t, d) (release[t] == d + 1)
#endif
#ifdef NO_EPOCH
#define IS_NEW_AT(t, d) true
#else
#define IS_NEW_AT(t, d) (mem[d].soul[transfer[t].soul].epoch < transfer[t].epoch && mem[d].soul[transfer[t].soul].state != ENDED)
#endif
#define WAKE_AT(t, d) :: atomic { IN_HAND(t) && MAY_WAKE(t, d) && IS_NEW_AT(t, d) && MAY_ENTER(d, t) -> arrive(d, t) }
#define WAKE(t) WAKE_AT(t, 0) WAKE_AT(t, 1) WAKE_AT(t, 2)
active proctype Files()
{
    do
    EACH_TRANSFER(WAKE_AT_HOME)
    EACH_TRANSFER(CLAIM)
    EACH_TRANSFER(RELEASE)
    EACH_TRANSFER(WAKE)
    od
}

#ifndef LIVENESS
/* It may look at any moment, so it looks in every state that can be. */
active proctype Check()
{
    do
    :: d_step { disk[0].soul[0].epoch != 0 -> check_view(disk); check_view(mem); check_keys() } /* once it is founded */
    od
}
#endif

#ifdef LIVENESS
/* Until it is calm, any message may be lost. */
#define LOSE(t) :: d_step { !calm && HAS(sent, t) && !transfer[t].is_file -> sent = sent & ~BIT(t) } \
    :: d_step { !calm && HAS(receipt, t) -> receipt = receipt & ~BIT(t) } \
    :: d_step { !calm && HAS(refusal, t) -> refusal = refusal & ~BIT(t) }
active proctype Loss()
{
    do
    EACH_TRANSFER(LOSE)
    :: d_step { calm = true } -> break
    od
}
#endif

init
{
    d_step {
        for (i : 0 .. SOULS - 1) { mem[0].soul[i].state = ALIVE; mem[0].soul[i].epoch = 1 }
        mem[0].accounts = SOULS; mem[0].net = SOULS;
#ifdef KEYS
        key[0] = BIT(SOULS) - 1;
#endif
        copy(disk[0], mem[0])
   }
}

#ifdef LIVENESS
#define IS_OPEN(t) || (HAS(used, t) && !transfer[t].is_file && HAS(disk[transfer[t].from].held, t))
ltl answered { [] (calm -> <> !(false EACH_TRANSFER(IS_OPEN))) }
#endif
