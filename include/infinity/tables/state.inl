// The state of a shard: every struct once. From this come the structs (infinity/state.h), the codec, the hash
// and the schema in each snapshot, by which a newer program reads an older snapshot.
//
//   F(type, name)         a number: u8 i8 u16 i16 u32 i32 u64 i64 f32
//   A(type, name, count)  an array of numbers
//   S(Struct, name, count) an array of structs of this table
//
// Order by falling size and fill up with `reserved`: a struct without padding is its own encoding on a
// little-endian machine (static assertions in core/world/schema.c hold that). Names may not be reused for
// another meaning: a snapshot's schema matches by name.
//
// Conventions: *_index1 is an index into a pool of this shard plus one, zero is none; `soul`, `ship` of type
// u64 are ids that last over shards, zero is none; ticks are absolute; `generation` is odd while a row is live.

// A price list of a station that somebody saw.
#define INF_STATE_PriceNote(F, A, S)                                                                    \
    F(u64, seen_tick)                                                                                   \
    A(i32, sector, 3)                                                                                   \
    F(u32, system_in_sector)                                                                            \
    A(u16, price_credits, INF_GOODS)                                                                    \
    F(u8, body)                                                                                         \
    F(u8, profile)                                                                                      \
    A(u8, reserved, 6)

// An episode. Fades with age; the weakest is overwritten. Its tick is of the soul's own time (see Soul.clock_ticks).
#define INF_STATE_Memory(F, A, S)                                                                       \
    F(u64, tick)                                                                                        \
    F(u64, who)                                                                                         \
    A(i32, sector, 3)                                                                                   \
    F(u32, system_in_sector)                                                                            \
    F(i32, value)                                                                                       \
    F(u32, galaxy)          /* inf_galaxy_mark() of where it happened: addresses mean something there only */ \
    F(u32, reserved)                                                                                    \
    F(u16, strength)                                                                                    \
    F(u8, kind)                                                                                         \
    F(u8, body)

// What a soul feels for another: affection and trust -1000..1000, debt in credits (they owe me).
#define INF_STATE_Relation(F, A, S)                                                                     \
    F(u64, who)                                                                                         \
    F(u64, last_tick)                                                                                   \
    F(i32, debt_credits)                                                                                \
    F(i16, affection)                                                                                   \
    F(i16, trust)

#define INF_STATE_Soul(F, A, S)                                                                         \
    F(u64, id)                                                                                          \
    F(u64, born_tick)                                                                                   \
    F(u64, timer_tick)                                                                                  \
    F(u64, feelings_tick)   /* up to here the feelings have decayed */                                  \
    F(u64, upkeep_tick)     /* up to here the air is paid */                                            \
    F(u64, companion)       /* whom the activity is about: soul or ship id */                           \
    F(u64, parent)          /* soul id of who bore, copied or wrote it */                               \
    F(i64, debt_credits)    /* a player's debt for air and clones */                                    \
    F(i64, bounty_credits)  /* in escrow, on this soul's head */                                        \
    F(i64, earned_credits)  /* a mind: its wallet when the activity began */                    \
    F(i64, clock_ticks)     /* own time − the galaxy's tick: born_tick, memories, relations are in own time, */ \
                            /* which goes on over galaxies, so that branches agree on when a thing was */ \
    A(u64, rng, 2)                                                                                      \
    A(i32, plan_sector, 3)  /* where the activity goes */                                               \
    F(u32, plan_system_in_sector)                                                                       \
    A(i32, clone_sector, 3) /* where a player wakes; of a mind, its home */                                                  \
    F(u32, clone_system_in_sector)                                                                      \
    F(u32, generation)                                                                                  \
    F(u32, next_free)                                                                                   \
    F(u32, ship_index1)                                                                                 \
    F(u32, carried_account)                                                                             \
    F(u32, banked_account)                                                                              \
    F(u32, flags)                                                                                       \
    F(u32, plan_units)                                                                                  \
    F(u32, plan_step)                                                                                   \
    F(u32, client_sequence) /* the newest input of its client that was applied */                       \
    F(u32, epoch)           /* rises with every move to another galaxy */                               \
    A(u16, feelings, INF_FEELINGS)                                                                      \
    F(u8, plan_body)                                                                                    \
    F(u8, plan_good)                                                                                    \
    F(u8, clone_body)                                                                                   \
    F(u8, activity)                                                                                     \
    F(u8, goal)                                                                                         \
    F(u8, trade)            /* the good that was bought last and is still aboard, plus one */           \
    F(u8, hull_wanted)                                                                                  \
    F(u8, plan_phase)                                                                                   \
    A(u8, traits, INF_TRAITS)                                                                           \
    A(u8, name, INF_NAME_BYTES)                                                                         \
    A(u8, key, INF_KEY_BYTES)                                                                           \
    A(u8, identity, INF_HASH_BYTES) /* hash of its founding record; zero: not bound yet */              \
    A(u8, root, INF_HASH_BYTES)     /* identity of the first of its lineage */                          \
    A(u8, lineage, INF_HASH_BYTES)  /* hash of its newest record */                                     \
    S(Memory, memories, INF_MEMORIES)                                                                   \
    S(Relation, relations, INF_RELATIONS)                                                               \
    S(PriceNote, prices, INF_PRICE_NOTES)

#define INF_STATE_Ship(F, A, S)                                                                         \
    F(u64, id)                                                                                          \
    F(u64, owner)           /* soul id; 0: a drone */                                                   \
    F(u64, timer_tick)      /* when the state or order ends or the next cycle is due */                 \
    F(u64, target)          /* ship id of the order's target */                                         \
    F(u64, aggressor)       /* ship id of who fired last at it */                                       \
    F(u64, aggressor_tick)                                                                              \
    F(u64, leg_start_tick)  /* quiet motion: from leg_from to leg_to between these ticks */             \
    F(u64, leg_end_tick)                                                                                \
    F(u64, weapon_target)   /* ship id that the modules work on */                                      \
    F(u64, update_tick)     /* quiet: shield was brought up to date here */                             \
    F(u64, work_tick)       /* quiet mining: whole cycles up to here are aboard */                      \
    F(u64, held_until_tick) /* an interdictor keeps it from cruising and jumping */                     \
    F(i64, loot_credits)    /* a wreck's carried credits, held in escrow */                             \
    A(i32, jump_sector, 3)                                                                              \
    F(u32, jump_system_in_sector)                                                                       \
    F(u32, generation)                                                                                  \
    F(u32, next_free)                                                                                   \
    F(u32, pilot_index1)                                                                                \
    F(u32, place_index1)    /* in CRUISE: where it is going */                                          \
    F(u32, next_in_place)                                                                               \
    F(u32, previous_in_place)                                                                           \
    F(u32, from_place_index1)                                                                           \
    F(u32, destination_index1) /* place of an order to cruise */                                        \
    F(u32, fuel)            /* 1000 is a light-year */                                                  \
    F(u32, flags)                                                                                       \
    F(f32, hull)                                                                                        \
    F(f32, shield)                                                                                      \
    F(f32, order_range_m)                                                                               \
    A(f32, leg_from_m, 3)                                                                               \
    A(f32, leg_to_m, 3)                                                                                 \
    A(u16, module_ready, INF_MODULE_SLOTS) /* low 16 bits of the tick when a module may cycle again */  \
    A(u16, cargo, INF_GOODS)                                                                            \
    A(u8, modules, INF_MODULE_SLOTS)                                                                    \
    A(i8, helm_thrust, 3)   /* -127..127, ship's own axes: right, up, forward */                        \
    A(i8, helm_turn, 3)     /* -127..127: pitch, yaw, roll */                                           \
    F(u8, modules_on)       /* a bit per slot */                                                        \
    F(u8, hull_kind)                                                                                    \
    F(u8, state)                                                                                        \
    F(u8, order)                                                                                        \
    F(u8, spool)            /* 1: the jump drive spools */                                              \
    F(u8, phase)            /* of the order: 0 under way, 1 at work (mining; docked: undocking) */      \
    F(u8, missiles)         /* a bit per slot: a missile of it flies */                                 \
    F(u8, alarms)           /* a bit per InfAlarm that has been given and still holds */                \
    A(u8, reserved, 6)

// A ship's motion in its place, metres from the place's origin; a row beside each ship's row.
#define INF_STATE_Motion(F, A, S)                                                                       \
    A(f32, position_m, 3)                                                                               \
    A(f32, velocity_m_per_s, 3)                                                                         \
    A(f32, attitude, 4)     /* unit quaternion x y z w; forward is +z */                                \
    A(u32, found_index1, 2) /* where the order's and the weapons' target were found last: looked at first */

#define INF_STATE_Place(F, A, S)                                                                        \
    F(u64, hot_until_tick)  /* integrated each tick while this is not past */                           \
    F(u64, ore_tick)        /* a belt's ore was brought up to date here */                              \
    A(i64, position_km, 3)  /* DEEP only: from the star */                                              \
    F(u32, generation)                                                                                  \
    F(u32, next_free)                                                                                   \
    F(u32, system_index1)                                                                               \
    F(u32, next_in_system)                                                                              \
    F(u32, station_index1)                                                                              \
    F(u32, first_ship)      /* index1 */                                                                \
    F(u32, last_ship)                                                                                   \
    F(u32, ship_count)      /* in space here, not docked, not cruising here */                          \
    F(u32, docked_first)                                                                                \
    F(u32, docked_last)                                                                                 \
    F(u32, docked_count)                                                                                \
    F(u32, ore_units)                                                                                   \
    F(u8, kind)                                                                                         \
    F(u8, body)             /* index of the system's generated bodies */                                \
    F(u8, hot)                                                                                          \
    F(u8, law)                                                                                          \
    F(u8, drones)           /* of the law, in space here */                                             \
    A(u8, reserved, 3)

#define INF_STATE_KnownSystem(F, A, S)                                                                       \
    F(u64, discoverer)      /* soul id; 0: known since the galaxy began */                              \
    F(u64, discovered_tick)                                                                             \
    F(u64, visits)                                                                                      \
    A(i32, sector, 3)                                                                                   \
    F(u32, in_sector)                                                                                   \
    F(u32, generation)                                                                                  \
    F(u32, next_free)                                                                                   \
    F(u32, first_place)     /* index1 */                                                                \
    F(u32, place_count)

#define INF_STATE_Station(F, A, S)                                                                      \
    F(u64, update_tick)     /* stock was brought up to date here */                                     \
    F(u64, timer_tick)                                                                                  \
    F(u64, last_talk_tick)                                                                              \
    F(u32, generation)                                                                                  \
    F(u32, next_free)                                                                                   \
    F(u32, place_index1)                                                                                \
    F(u32, account)                                                                                     \
    A(i32, stock, INF_GOODS)  /* thousandths of a unit */                                               \
    F(u8, profile)                                                                                      \
    F(u8, wealth)                                                                                       \
    F(u8, law)                                                                                          \
    F(u8, size)             /* quarters of a usual station: scales market and till */                   \
    A(u8, reserved, 4)                                                                                  \
    S(PriceNote, board, INF_PRICE_NOTES)

#define INF_STATE_Account(F, A, S)                                                                      \
    F(i64, credits)                                                                                     \
    F(u64, owner)           /* soul id, or 0 */                                                         \
    F(u32, generation)                                                                                  \
    F(u32, next_free)                                                                                   \
    F(u32, kind)                                                                                        \
    F(u32, reserved)

// Something on its way to another shard; stays here until the receipt comes back.
#define INF_STATE_Transfer(F, A, S)                                                                     \
    F(u64, id)                                                                                          \
    F(u64, sequence)        /* consecutive per destination, from 1 */                                   \
    F(u64, sent_tick)                                                                                   \
    F(u64, soul)            /* whom it is about */                                                      \
    F(i64, credits)         /* all credits inside */                                                    \
    F(u32, generation)                                                                                  \
    F(u32, next_free)                                                                                   \
    F(u32, payload_bytes)                                                                               \
    F(u16, destination)                                                                                 \
    F(u8, kind)                                                                                         \
    F(u8, reserved)                                                                                     \
    A(u8, payload, INF_TRANSFER_BYTES)

// The Heart's registry (shard 0 only): a tag belongs to a key for ever.
#define INF_STATE_Tag(F, A, S)                                                                          \
    F(u64, soul)                                                                                        \
    F(u32, generation)                                                                                  \
    F(u32, next_free)                                                                                   \
    A(u8, name, INF_NAME_BYTES)                                                                         \
    A(u8, skeleton, INF_NAME_BYTES) /* case and confusables folded: two tags may not share it */        \
    A(u8, key, INF_KEY_BYTES)

// What the galaxy knows of an identity (shard 0 only). Kept for ever: what was accepted or refused once stays so.
#define INF_STATE_DirectoryEntry(F, A, S)                                                               \
    F(u64, soul)            /* id in this galaxy; 0: never lived here */                                \
    F(u64, tick)            /* of the newest change */                                                  \
    F(u64, accepted_epochs) /* bit i: the life epoch − i came in here */                                \
    F(i64, carried_credits) /* in escrow while IN_FLIGHT or AWAY */                                     \
    F(i64, banked_credits)                                                                              \
    F(u32, generation)                                                                                  \
    F(u32, next_free)                                                                                   \
    F(u32, epoch)           /* of the newest life that is known */                                      \
    F(u32, crossing_index1) /* while IN_FLIGHT */                                                       \
    F(u32, refused_epoch)   /* lives up to here that are not in yet never will be */                    \
    F(u32, reserved_u32)                                                                                \
    F(u8, state)                                                                                        \
    A(u8, reserved, 7)                                                                                  \
    A(u8, identity, INF_HASH_BYTES)                                                                     \
    A(u8, transfer, INF_PASSAGE_BYTES) /* the newest passage */                                         \
    A(u8, server, INF_KEY_BYTES)    /* the other side of it */

// What waits at the border for the answer of another galaxy (shard 0 only): a whole soul with its ship. Room for its body
// is kept free as long. Its credits are in escrow (account BORDER).
#define INF_STATE_Crossing(F, A, S)                                                                     \
    F(u64, tick)                                                                                        \
    F(u32, generation)                                                                                  \
    F(u32, next_free)                                                                                   \
    F(u32, directory_index1)                                                                            \
    F(u32, epoch)           /* of the life that it will have there */                                   \
    F(u8, way)              /* SERVER or FILE */                                                        \
    A(u8, reserved, 7)                                                                                  \
    A(u8, transfer, INF_PASSAGE_BYTES)                                                                  \
    A(u8, destination, INF_KEY_BYTES)                                                                   \
    A(u8, host_identity, INF_HASH_BYTES)                                                                \
    S(Soul, soul, 1)                                                                                    \
    S(Ship, ship, 1)        /* id 0: none */

// A soul agrees to an act of another (receiver 0: of the server's host), once, until then.
#define INF_STATE_Consent(F, A, S)                                                                      \
    F(u64, giver)                                                                                       \
    F(u64, receiver)                                                                                    \
    F(u64, until_tick)                                                                                  \
    F(u32, generation)                                                                                  \
    F(u32, next_free)                                                                                   \
    F(u8, act)                                                                                          \
    A(u8, reserved, 7)

// A soul that rides in another's head: it is in no pool of souls, has no ship, and perceives what its host perceives.
#define INF_STATE_Passenger(F, A, S)                                                                    \
    F(u64, host)                                                                                        \
    F(u64, boarded_tick)                                                                                \
    F(u64, last_talk_tick)  /* when somebody last spoke in that head */                                 \
    F(u32, generation)                                                                                  \
    F(u32, next_free)                                                                                   \
    F(u32, next_of_host)    /* index1, rising by seat */                                                \
    F(u8, seat)                                                                                         \
    A(u8, reserved, 3)                                                                                  \
    S(Soul, soul, 1)

// What an awake galaxy's host perceived; the oldest is overwritten.
#define INF_STATE_Impression(F, A, S)                                                                   \
    F(u64, tick)                                                                                        \
    F(u64, sequence)                                                                                    \
    F(u64, likeness)        /* signature of its words */                                                \
    F(u32, generation)                                                                                  \
    F(u32, next_free)                                                                                   \
    F(u16, text_bytes)                                                                                  \
    F(u8, kind)                                                                                         \
    A(u8, reserved, 5)                                                                                  \
    A(u8, source, INF_SENSE_SOURCE_BYTES)                                                               \
    A(u8, hash, INF_HASH_BYTES)                                                                         \
    A(u8, text, INF_SENSE_BYTES)

// What there is one of.
#define INF_STATE_Header(F, A, S)                                                                       \
    F(u64, tick)                                                                                        \
    F(u64, galaxy_seed)                                                                                 \
    F(u64, soul_sequence)                                                                               \
    F(u64, ship_sequence)                                                                               \
    F(u64, transfer_sequence)                                                                           \
    A(u64, rng, 2)                                                                                      \
    A(u64, out_sequence, INF_SHARDS_MAX)  /* newest transfer sent, per destination */                   \
    A(u64, in_sequence, INF_SHARDS_MAX)   /* newest transfer taken in, per source */                    \
    A(i64, deaths, INF_CAUSES_MAX)        /* of minds, by cause */                                      \
    A(i64, player_deaths, INF_CAUSES_MAX)                                                               \
    A(i64, income_credits, INF_TRADES_MAX)                                                              \
    A(i64, minted_credits, INF_REASONS_MAX)                                                             \
    A(i64, burned_credits, INF_REASONS_MAX)                                                             \
    F(i64, births)                                                                                      \
    F(i64, trades)                                                                                      \
    F(i64, units_mined)                                                                                 \
    F(i64, jumps)                                                                                       \
    F(i64, shots)                                                                                       \
    F(i64, discoveries)                                                                                 \
    F(i64, copies)                                                                                      \
    F(i64, merges)                                                                                      \
    F(i64, departures)      /* over the border or into a file */                                        \
    F(i64, arrivals)        /* of them, and of souls from elsewhere */                                  \
    F(u64, host_soul)       /* of an awake galaxy */                                                    \
    F(u64, impression_sequence)                                                                         \
    F(i64, grant_credits)     /* what the Heart grants this shard's stations in a day */                \
    F(i64, treasury_credits)  /* granted or taxed and not yet paid out: a right to mint, no money */    \
    F(u64, treasury_tick)     /* granted up to here */                                                  \
    F(u32, galaxy_version)                                                                              \
    F(u32, shard)                                                                                       \
    F(u32, shard_count)                                                                                 \
    F(u32, founded_minds)     /* this shard's part of the founding: what births aim at */               \
    F(u32, known_radius_mly)  /* around the Heart: what was known at the founding is not charted again */ \
    F(u32, galaxy_kind)

// Pools in the order of the snapshot. X(Struct, name, doc)
#define INF_STATE_POOLS(X)                                                                              \
    X(Account, accounts, "the ledger's accounts; the first rows are those of the shard itself")         \
    X(KnownSystem, systems, "systems that somebody has been to")                                             \
    X(Place, places, "places that have been entered")                                                   \
    X(Station, stations, "stations with their markets")                                                 \
    X(Ship, ships, "ships, wrecks and pods")                                                            \
    X(Soul, souls, "players and minds that are alive here")                                             \
    X(Transfer, transfers, "the outbox")                                                                \
    X(Tag, tags, "the Heart's registry of tags")                                                        \
    X(DirectoryEntry, directory, "what is known of identities")                                         \
    X(Crossing, crossings, "what waits at the border")                                                  \
    X(Consent, consents, "who agreed to what")                                                          \
    X(Passenger, passengers, "souls that ride with a host")                                             \
    X(Impression, impressions, "what the host of an awake galaxy perceived")

// Structs in order of use. X(Struct)
#define INF_STATE_STRUCTS(X)                                                                            \
    X(PriceNote) X(Memory) X(Relation) X(Soul) X(Ship) X(Motion) X(Place) X(KnownSystem) X(Station)          \
    X(Account) X(Transfer) X(Tag) X(DirectoryEntry) X(Crossing) X(Consent) X(Passenger) X(Impression) X(Header)
