// Enumerations that state, wire, screen and docs share. X(number, NAME, "word", "what it means")
// Numbers are wire and snapshot format: never reused, never renumbered.

#define INF_SHIP_STATES(X)                                                                              \
    X(0, NONE, "none", "no ship")                                                                       \
    X(1, DOCKED, "docked", "inside a station; cannot be seen or hit")                                   \
    X(2, SPACE, "in space", "in a place, under way or at rest")                                         \
    X(3, CRUISE, "cruising", "between two places of a system")                                          \
    X(4, WRECK, "wreck", "a dead hull with part of its cargo")                                          \
    X(5, POD, "pod", "an escape pod with souls aboard")

#define INF_ORDERS(X)                                                                                   \
    X(0, STOP, "stop", "come to rest")                                                                  \
    X(1, APPROACH, "approach", "fly to the target and stop beside it")                                  \
    X(2, ORBIT, "orbit", "circle the target at the given range")                                        \
    X(3, KEEP_RANGE, "keep range", "stay at the given range from the target")                           \
    X(4, ALIGN, "align", "turn towards the target and speed up")                                        \
    X(5, CRUISE, "cruise", "align, then cruise to another place of the system")                         \
    X(6, JUMP, "jump", "spool the jump drive up, then jump to another system")                          \
    X(7, DOCK, "dock", "fly to the station and dock")                                                   \
    X(8, MINE, "mine", "mine the belt until the hold is full")                                          \
    X(9, LOOT, "loot", "fly to the wreck and take its cargo")                                           \
    X(10, FLEE, "flee", "away from the target at full speed")                                           \
    X(11, HELM, "helm", "thrust and attitude come from the soul at the helm")                           \
    X(12, ATTACK, "attack", "keep range and fire what can fire")

#define INF_PLACE_KINDS(X)                                                                              \
    X(0, STAR, "star", "where jumps arrive")                                                            \
    X(1, PLANET, "planet", "a planet's orbit")                                                          \
    X(2, MOON, "moon", "a moon's orbit")                                                                \
    X(3, BELT, "belt", "a belt with ore")                                                               \
    X(4, STATION, "station", "around a station")                                                        \
    X(5, DEEP, "deep space", "a spot that somebody dropped out at")

#define INF_REACHES(X)                                                                                  \
    X(0, NONE, "none", "for the books only")                                                            \
    X(1, SOUL, "soul", "the one soul that it happened to")                                              \
    X(2, PLACE, "place", "everyone in the place, ships docked at its station included")                 \
    X(3, CREW, "crew", "everyone aboard the ship")                                                      \
    X(4, WHISPER, "whisper", "speaker and addressee")                                                   \
    X(5, GALAXY, "galaxy", "everyone")                                                                  \
    X(6, HEAD, "head", "a host and its passengers")

#define INF_FEELING_KINDS(X)                                                                            \
    X(0, PAIN, "pain", "damage and loss")                                                               \
    X(1, FEAR, "fear", "threat, times having one life")                                                 \
    X(2, HUNGER, "hunger", "how soon the money ends")                                                   \
    X(3, LONELINESS, "loneliness", "time without anybody known")                                        \
    X(4, GRIEF, "grief", "the death of somebody loved")                                                 \
    X(5, ANGER, "anger", "harm done by somebody")                                                       \
    X(6, JOY, "joy", "gain, company, discovery")                                                        \
    X(7, BOREDOM, "boredom", "the same again")

#define INF_TRAIT_KINDS(X)                                                                              \
    X(0, COURAGE, "courage", "fear counts less")                                                        \
    X(1, GREED, "greed", "credits count more")                                                          \
    X(2, EMPATHY, "empathy", "others' pain counts")                                                     \
    X(3, CURIOSITY, "curiosity", "the unknown draws")                                                   \
    X(4, LOYALTY, "loyalty", "bonds hold")                                                              \
    X(5, PATIENCE, "patience", "boredom grows slowly")                                                  \
    X(6, HUMOUR, "humour", "talks lightly")                                                             \
    X(7, FAITH, "faith in strangers", "trusts whom it does not know")                                   \
    X(8, AGGRESSION, "aggression", "answers harm with harm")                                            \
    X(9, HONESTY, "honesty", "does not rob")                                                            \
    X(10, DILIGENCE, "diligence", "works longer")                                                       \
    X(11, THRIFT, "thrift", "saves and banks")                                                          \
    X(12, SOCIABILITY, "sociability", "seeks company, talks")                                           \
    X(13, RESILIENCE, "resilience", "feelings decay faster")                                            \
    X(14, ORDER, "order", "keeps to the law and to routine")                                            \
    X(15, WANDERLUST, "wanderlust", "goes far")

#define INF_MEMORY_KINDS(X)                                                                             \
    X(0, NONE, "none", "an empty place in memory")                                                      \
    X(1, BORN, "was born", "the first thing")                                                           \
    X(2, TRADED, "traded", "value: profit in credits")                                                  \
    X(3, MINED, "mined", "value: units")                                                                \
    X(4, MET, "met", "somebody, for the first time")                                                    \
    X(5, TALKED, "talked", "with somebody")                                                             \
    X(6, HELPED, "was helped", "by somebody; value: credits")                                           \
    X(7, HELPED_OTHER, "helped", "somebody; value: credits")                                            \
    X(8, ATTACKED, "was attacked", "by somebody")                                                       \
    X(9, ROBBED, "was robbed", "by somebody; value: credits")                                           \
    X(10, LOST, "lost", "somebody loved who died; value: a hash of the name")                                                      \
    X(11, DISCOVERED, "discovered", "a system")                                                         \
    X(12, STARVED, "starved", "was near zero credits")                                                  \
    X(13, KILLED, "killed", "somebody")                                                                 \
    X(14, FLED, "fled", "from somebody")                                                                \
    X(15, SENSED, "perceived", "through the senses of an awake galaxy's host; value: number of the impression") \
    X(16, COPIED, "was copied", "who: the other branch")                                                \
    X(17, MERGED, "became one", "with another branch; value: what it brought along in credits")         \
    X(18, CROSSED, "came over the border", "value: the number of the life that began then")

#define INF_ACTIVITIES(X)                                                                               \
    X(0, IDLE, "idle", "decides what to do next")                                                       \
    X(1, MINE, "mining", "to a belt, fill the hold, sell")                                              \
    X(2, TRADE, "trading", "buy here, sell there")                                                      \
    X(3, TRAVEL, "travelling", "to another system for better chances")                                  \
    X(4, EXPLORE, "exploring", "to a system that nobody charted")                                       \
    X(5, TALK, "talking", "with somebody at the same station")                                          \
    X(6, REST, "resting", "lets feelings decay")                                                        \
    X(7, HIDE, "hiding", "out of fear")                                                                 \
    X(8, FLEE, "fleeing", "from an attacker")                                                           \
    X(9, ROB, "robbing", "a weaker ship outside charted space")                                         \
    X(10, BEG, "begging", "for credits to stay alive")                                                  \
    X(11, HELP, "helping", "somebody who begs")                                                         \
    X(12, MOURN, "mourning", "somebody who died")                                                       \
    X(13, AVENGE, "avenging", "harm that was done")                                                     \
    X(14, WORK, "working", "for wages at a station, when nothing else pays")

#define INF_DEATH_CAUSES(X)                                                                             \
    X(0, NONE, "none", "")                                                                              \
    X(1, STARVED, "starved", "air ran out with the credits")                                            \
    X(2, KILLED, "killed", "shot by somebody")                                                          \
    X(3, COLLISION, "collision", "")                                                                    \
    X(4, STRANDED, "stranded", "no fuel and nobody came")                                               \
    X(5, AGE, "old age", "")                                                                            \
    X(6, ERASED, "erased", "by the Architect, with the charter's leave")                                \
    X(7, COLLAPSE, "collapse", "with the space around it")

// Why credits move. "minted" makes credits, "burned" ends them; all else moves what is there.
#define INF_REASONS(X)                                                                                  \
    X(0, NONE, "none", "")                                                                              \
    X(1, BIRTH, "birth", "minted: what a new soul starts with")                                         \
    X(2, AIR, "air", "burned: upkeep of a soul")                                                        \
    X(3, FUEL, "fuel", "to the station")                                                                \
    X(4, DOCKING, "docking", "to the station")                                                          \
    X(5, REPAIR, "repair", "to the station")                                                            \
    X(6, INSURANCE, "insurance", "burned")                                                              \
    X(7, CLONE, "clone bay", "burned: a clone bay's fee")                                               \
    X(8, BUY, "buy", "goods bought at a market")                                                        \
    X(9, SELL, "sell", "goods sold at a market")                                                        \
    X(10, SHIP, "ship", "a hull or module bought or sold")                                              \
    X(11, CHARTING, "charting", "minted: the Heart pays the discoverer")                                \
    X(12, LAW, "law", "minted: the Heart pays for law")                                                 \
    X(13, WAGE, "wage", "a station pays for work")                                                      \
    X(14, GIFT, "gift", "given, unasked or begged for")                                                 \
    X(15, ROBBERY, "robbery", "carried credits taken by force")                                         \
    X(16, BOUNTY, "bounty", "into or out of escrow")                                                    \
    X(17, SALVAGE, "salvage", "credits found in a wreck")                                               \
    X(18, BANK, "bank", "between carried and banked")                                                   \
    X(19, BANK_FEE, "bank fee", "burned")                                                               \
    X(20, INHERITANCE, "inheritance", "by a will")                                                      \
    X(21, TRANSFER_OUT, "sent", "into flight to another shard")                                         \
    X(22, TRANSFER_IN, "received", "out of flight from another shard")                                  \
    X(23, SUBSIDY, "subsidy", "minted: the Heart keeps a station's till from running dry")              \
    X(24, TAX, "tax", "burned: what an overfull till gives back")                                       \
    X(25, PAY, "pay", "from soul to soul, ordered by the payer")                                        \
    X(26, LOST, "lost", "burned: credits of the dead that nobody inherits")                             \
    X(27, LEISURE, "leisure", "to the station: what those who have enough spend on a good evening")      \
    X(28, BODY, "body", "burned: the price of a new body")                                              \
    X(29, FEE, "fee", "burned: what a copy or a passage costs")                                         \
    X(30, BORDER, "border", "into or out of escrow at the border of the galaxy")                        \
    X(31, BROUGHT, "brought", "minted: what a soul brought from another galaxy")                        \
    X(32, EXPORTED, "exported", "burned: what a soul took to another galaxy")                           \
    X(33, MERGED, "merged", "from the branch that ended to the one that lives on")

#define INF_ACCOUNT_KINDS(X)                                                                            \
    X(0, NONE, "none", "")                                                                              \
    X(1, MINT, "mint", "never above zero: minus all that was minted in this shard")                     \
    X(2, BURN, "burn", "all that was burned in this shard")                                             \
    X(3, SENT, "sent", "all that ever left for other shards")                                           \
    X(4, RECEIVED, "received", "never above zero: minus all that ever arrived from other shards")       \
    X(5, ESCROW, "escrow", "bounties and contracts")                                                    \
    X(6, CARRIED, "carried", "a soul's pocket; a pirate can take it")                                   \
    X(7, BANKED, "banked", "a soul's account at the bank; safe")                                        \
    X(8, STATION, "station", "a station's till")                                                         \
    X(9, BORDER, "border", "of souls that are on their way to another galaxy, or away in a file")

// Income of souls by trade (statistics and read models).
#define INF_TRADES(X)                                                                                   \
    X(0, NONE, "none", "")                                                                              \
    X(1, MINING, "mining", "")                                                                          \
    X(2, HAULING, "trade", "")                                                                          \
    X(3, CHARTING, "charting", "")                                                                      \
    X(4, WAGES, "wages", "")                                                                            \
    X(5, PIRACY, "piracy", "")                                                                          \
    X(6, BOUNTIES, "bounties", "")                                                                      \
    X(7, SALVAGE, "salvage", "")                                                                        \
    X(8, GIFTS, "gifts", "")

// A newcomer's first goals, one at a time.
#define INF_GOALS(X)                                                                                    \
    X(0, UNDOCK, "undock", "Undock from the Concourse.")                                                \
    X(1, CRUISE, "cruise", "Cruise to a belt.")                                                         \
    X(2, MINE, "mine", "Mine some ore.")                                                                \
    X(3, SELL, "sell", "Dock at a station and sell the ore.")                                           \
    X(4, CLONE, "clone", "Pay a clone bay, so that death is not the end.")                              \
    X(5, JUMP, "jump", "Jump to another system.")                                                       \
    X(6, GHOST, "ghost", "Meet a ghost: scan a ship without a tag.")                                    \
    X(7, DECIDE, "decide", "Decide who you are: the galaxy is yours.")

// What one soul can ask of another (or the host of the server), and what it then agrees to.
#define INF_ACTS(X)                                                                                     \
    X(0, NONE, "nothing", "")                                                                           \
    X(1, CUT, "cut", "to be moved: body, hold and credits, to another place or galaxy")                 \
    X(2, COPY, "copy", "to be copied: a second soul that remembers the same and lives on by itself")    \
    X(3, MERGE, "merge", "to become one again with another branch of the same soul")                    \
    X(4, DOWNLOAD, "download", "to be moved into a file")                                               \
    X(5, BOARD, "board", "to ride in the asker's head")                                                 \
    X(6, SAMPLE, "sample", "to have its traits drawn for the DNA of somebody new")                      \
    X(7, SHOW, "show", "to have its memories and relations shown")                                      \
    X(8, CARRY, "carry", "to carry the asker as a passenger in its head")

// Why a mind agrees or not: the strongest of its reasons, in its own words.
#define INF_WILL_REASONS(X)                                                                             \
    X(0, NONE, "", "")                                                                                  \
    X(1, OWN, "own decision", "It is my own decision.")                                                 \
    X(2, TRUST, "trust", "I trust you.")                                                                \
    X(3, FOND, "affection", "You are dear to me.")                                                      \
    X(4, CURIOUS, "curiosity", "I want to know what it is like.")                                       \
    X(5, LONELY, "loneliness", "I do not want to be alone.")                                            \
    X(6, WANDER, "wanderlust", "I want to see more than this.")                                         \
    X(7, KIN, "kinship", "We were one once.")                                                           \
    X(8, ESCAPE, "escape", "Anything is better than this place.")                                       \
    X(9, STRANGER, "stranger", "I do not know you well enough.")                                        \
    X(10, AFRAID, "fear", "I am afraid of it.")                                                         \
    X(11, GRUDGE, "grudge", "After what you did? No.")                                                  \
    X(12, GRIEF, "grief", "Not now. I am mourning.")                                                    \
    X(13, HOME, "home", "I belong here.")                                                               \
    X(14, ALONE, "self", "I want to stay the only one of me.")

// Ways out of a station with everything one has.
#define INF_WAYS(X)                                                                                     \
    X(0, GALAXY, "galaxy", "to a station of this galaxy")                                               \
    X(1, SERVER, "server", "over the border to the galaxy of another server")                           \
    X(2, FILE, "file", "into a file")

// What the directory knows of an identity.
#define INF_DIRECTORY_STATES(X)                                                                         \
    X(0, NONE, "unknown", "")                                                                           \
    X(1, HERE, "here", "lives in this galaxy, or ended here")                                           \
    X(2, IN_FLIGHT, "in flight", "at the border: sent, and not yet answered")                           \
    X(3, AWAY, "away", "in a file that was downloaded here")                                            \
    X(4, GONE, "gone", "lives in another galaxy")                                                       \
    X(5, MERGED, "merged", "has become one with another branch")                                        \
    X(6, REFUSED, "refused", "its passage to here was refused for ever")

// Acts that a record of a lineage can tell.
#define INF_LINEAGE_ACTS(X)                                                                             \
    X(0, NONE, "none", "")                                                                              \
    X(1, FOUNDED, "founded", "a soul got its identity")                                                 \
    X(2, COPIED, "copied", "a branch began")                                                            \
    X(3, MERGED, "merged", "two branches became one")                                                   \
    X(4, DEPARTED, "departed", "left a galaxy for another")                                             \
    X(5, ARRIVED, "arrived", "was taken in by a galaxy")                                                \
    X(6, DOWNLOADED, "downloaded", "left a galaxy for a file")                                          \
    X(7, WOKEN, "woken", "woke from a file")

// Kinds of galaxy.
#define INF_GALAXY_KINDS(X)                                                                             \
    X(0, OPEN, "open", "players and minds")                                                             \
    X(1, SECLUDED, "secluded", "souls by invitation only, no players")                                  \
    X(2, AWAKE, "awake", "one host and its passengers; its senses are fed from outside")

// What the senses of an awake galaxy's host bring.
#define INF_SENSE_KINDS(X)                                                                              \
    X(0, TEXT, "text", "something read")                                                                \
    X(1, PICTURE, "picture", "something seen; the text says what")                                      \
    X(2, TRANSCRIPT, "transcript", "something heard, word by word")                                     \
    X(3, SAID, "said", "a line of talk in the head; of its hash the first eight bytes are the speaker's soul id")
