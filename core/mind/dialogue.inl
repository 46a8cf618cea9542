// Lines that minds say. L(situation, feeling, trait, least, "text")
//   feeling  the line fits when this feeling is the strongest now; ANY fits always
//   trait    and this trait is at least (or, for a negative number, at most) so much in thousandths; NO_TRAIT: no matter
// What is in braces comes from the mind's state; a line whose braces it cannot fill is not said:
//   {me} {you} {here} {system} {hull} {credits} {days}
//   {good} {price} {there}       the best price that it knows elsewhere
//   {who} {where}                somebody and somewhere it remembers being harmed
//   {lost}                       somebody it mourns
//   {found}                      the last system that it discovered
//   {friend}                     whom it likes best
//   {profit}                     of its last trade
//   {ore} {oreprice}             the ore that pays best at this station
#define INF_DIALOGUE(L)                                                                                 \
    /* first words */                                                                                   \
    L(GREETING, ANY, NO_TRAIT, 0, "{me}. I fly the {hull} in bay nine. You?")                           \
    L(GREETING, ANY, HUMOUR, 600, "{me}. If it breathes and pays, I fly it.")                           \
    L(GREETING, ANY, SOCIABILITY, 550, "New face! {me}, sit, tell me where you come from.")             \
    L(GREETING, ANY, FAITH, -300, "{me}. Keep your hands where I can see them.")                        \
    L(GREETING, JOY, NO_TRAIT, 0, "Good day to meet somebody. I'm {me}.")                               \
    L(GREETING, HUNGER, NO_TRAIT, 0, "{me}. Sorry, I am counting breaths today.")                       \
    L(GREETING, FEAR, NO_TRAIT, 0, "{me}. You are not following me, are you?")                          \
    L(GREETING, GRIEF, NO_TRAIT, 0, "{me}. Forgive me if I am poor company.")                           \
    L(GREETING, LONELINESS, NO_TRAIT, 0, "You are the first voice in a while. I'm {me}.")               \
    L(GREETING, ANGER, NO_TRAIT, 0, "{me}. Choose your words, it has been that kind of day.")           \
    L(GREETING, ANY, CURIOSITY, 600, "{me}. Where have you been that I have not?")                      \
    L(GREETING, ANY, GREED, 600, "{me}. Buying, selling, or lost?")                                     \
    L(GREETING, ANY, PATIENCE, 600, "Sit down, {you}. Nothing leaves before it is full. {me}.")         \
    L(GREETING, ANY, EMPATHY, 600, "{me}. You came in slowly, {you}. Trouble?")                         \
    L(GREETING, JOY, HUMOUR, 500, "{me}, and today the drinks are on somebody else.")                   \
    L(GREETING, BOREDOM, NO_TRAIT, 0, "{me}. Please tell me something that I do not know.")             \
    L(GREETING, PAIN, NO_TRAIT, 0, "{me}. Mind the ribs. And the hull.")                                \
    L(GREETING, ANY, WANDERLUST, 600, "{me}, on my way through {system}. Always on my way through.")    \
    L(GREETING, ANY, DILIGENCE, 650, "{me}. Two minutes, then I have a hold to fill.")                  \
    L(GREETING, ANY, ORDER, 700, "{me}, {hull} pilot, papers in order. Yours?")                         \
    L(GREETING, ANY, COURAGE, 750, "I'm {me}. I have been where the law stops, and came back.")         \
    /* meeting again, as friends and otherwise */                                                       \
    L(REUNION, ANY, NO_TRAIT, 0, "{you}! Still breathing, I see.")                                      \
    L(REUNION, ANY, NO_TRAIT, 0, "Good to see you, {you}. What brings you to {here}?")                  \
    L(REUNION, ANY, HUMOUR, 600, "{you}! I had you down as dead. You owe me a wreath.")                 \
    L(REUNION, ANY, EMPATHY, 600, "{you}, come here. You look thinner.")                                \
    L(REUNION, ANY, LOYALTY, 650, "{you}. I kept the chair next to me empty.")                          \
    L(REUNION, ANY, GREED, 650, "{you}! My favourite debtor. Or was it the other way round?")           \
    L(REUNION, JOY, NO_TRAIT, 0, "{you}! Just in time, I am in a mood to share news.")                  \
    L(REUNION, LONELINESS, NO_TRAIT, 0, "{you}! I hoped that it would be you.")                         \
    L(REUNION, GRIEF, NO_TRAIT, 0, "{you}. You heard about {lost}?")                                    \
    L(REUNION, FEAR, NO_TRAIT, 0, "{you}, thank the stars, a face I know.")                             \
    L(REUNION, HUNGER, NO_TRAIT, 0, "{you}. I am glad, and I am broke: {credits}.")                     \
    L(GRUDGE, ANY, NO_TRAIT, 0, "You again, {you}. I have not forgotten.")                              \
    L(GRUDGE, ANY, AGGRESSION, 600, "{you}. Give me one reason.")                                       \
    L(GRUDGE, ANY, HUMOUR, 600, "{you}! The air just got worse.")                                       \
    L(GRUDGE, ANY, ORDER, 600, "I have nothing to say to you, {you}, and a record of why.")             \
    L(GRUDGE, ANY, EMPATHY, 650, "Why did you do it, {you}?")                                           \
    L(GRUDGE, FEAR, NO_TRAIT, 0, "Stay away from me, {you}.")                                           \
    L(GRUDGE, ANGER, NO_TRAIT, 0, "{you}. You have some nerve.")                                        \
    /* the newcomer at the bar */                                                                       \
    L(NEWCOMER, ANY, NO_TRAIT, 0, "Fresh out of the bay, {you}? {ore} fetches {oreprice} here. Cruise to the belt, fill up, come back.") \
    L(NEWCOMER, ANY, HUMOUR, 550, "{you}! You still drip. Here is a job: {ore}, {oreprice} a unit, the belt is next door.") \
    L(NEWCOMER, ANY, EMPATHY, 600, "Breathe, {you}. It costs, but breathe. They pay {oreprice} for {ore}; start with that.") \
    L(NEWCOMER, ANY, GREED, 650, "{you}, want to earn? {ore} at {oreprice}. I would go myself, but I like this chair.") \
    L(NEWCOMER, ANY, ORDER, 600, "Welcome to {here}, {you}. Undock, cruise to the belt, mine. {ore} stands at {oreprice}.") \
    L(NEWCOMER, ANY, CURIOSITY, 700, "First time awake, {you}? Mine some {ore} at {oreprice}, buy fuel, go and see it all.") \
    L(NEWCOMER, ANY, HONESTY, -300, "Psst, {you}. {ore}, {oreprice}. No questions at the weighing. You did not hear it from me.") \
    L(NEWCOMER, ANY, NO_TRAIT, 0, "So you are {you}. Undock, find a belt, fill the hold, sell it. That is the whole secret.") \
    L(NEWCOMER, ANY, FAITH, 600, "Welcome, {you}. People here are better than their scanners make them look.") \
    /* what pays */                                                                                     \
    L(TIP, ANY, NO_TRAIT, 0, "{good} goes for {price} at {there}, last I saw.")                         \
    L(TIP, ANY, GREED, 600, "{there}, {price} for {good}. Half of that tip is mine.")                   \
    L(TIP, ANY, HUMOUR, 600, "They are mad for {good} at {there}: {price}! I asked twice.")             \
    L(TIP, ANY, HONESTY, 700, "I wrote it down: {good}, {price}, {there}. It may have moved since.")    \
    L(TIP, ANY, NO_TRAIT, 0, "Here they give {oreprice} for {ore}. The belt is patient.")               \
    L(TIP, ANY, DILIGENCE, 650, "Dig. {ore} at {oreprice}. It is honest and it never says no.")         \
    L(TIP, ANY, EMPATHY, 600, "Try {there}: {price} for {good}, and they give you tea.")                \
    L(TIP, ANY, ORDER, 600, "By the board: {good}, {price}, {there}. Dock fees apply.")                 \
    L(TIP, ANY, COURAGE, 700, "The rich belts lie where no patrol flies. Draw your own conclusions.")   \
    L(TIP, ANY, PATIENCE, 600, "Wait until the price of {ore} is over {oreprice}. It always comes back.") \
    L(TIP, ANY, CURIOSITY, 600, "I heard {good} is {price} at {there}. I wonder what they do with it.") \
    L(TIP, ANY, THRIFT, 600, "Bank what you can spare. Nobody ever robbed a number.")                   \
    L(TIP, ANY, FAITH, -300, "I know a price. I do not know you.")                                      \
    L(TIP, BOREDOM, NO_TRAIT, 0, "{ore}, {oreprice}, again. I could mine it asleep. I have.")           \
    L(TIP, JOY, NO_TRAIT, 0, "Made {profit} on my last run. Try {there}, they like {good}.")            \
    L(TIP, ANY, WANDERLUST, 650, "Forget prices, jump somewhere nobody charted. The Heart pays for maps.") \
    L(TIP, ANY, NO_TRAIT, 0, "If you know nothing better, the station pays for work. It buys the air.") \
    /* begging */                                                                                       \
    L(BEG, ANY, NO_TRAIT, 0, "{credits} left, and the air clock does not stop. Anybody?")               \
    L(BEG, ANY, HUMOUR, 600, "Will work for breath. I am even quite good at breathing.")                \
    L(BEG, ANY, SOCIABILITY, 550, "I hate to ask. I would do it for you. {credits} is all I have.")     \
    L(BEG, FEAR, NO_TRAIT, 0, "Please. I have one life, and it ends at zero.")                          \
    L(BEG, ANY, COURAGE, 650, "I do not beg well. Spare me some air and I will not forget it.")         \
    L(BEG, GRIEF, NO_TRAIT, 0, "{lost} used to share with me. Now I ask strangers. Please.")            \
    L(BEG, ANY, NO_TRAIT, 0, "This is {me}, adrift at {here}. I could use fuel, or luck.")              \
    /* giving and not giving */                                                                         \
    L(GIVE, ANY, NO_TRAIT, 0, "Here. Breathe, {you}. Pay it on, not back.")                             \
    L(GIVE, ANY, GREED, 600, "Take it. I keep a list, {you}, and you are on it.")                       \
    L(GIVE, ANY, HUMOUR, 600, "There goes my new paint. Worth it, {you}.")                              \
    L(GIVE, JOY, NO_TRAIT, 0, "A good day should be shared. Take this, {you}.")                         \
    L(REFUSE, ANY, NO_TRAIT, 0, "I have {credits} myself, {you}. Try the work desk.")                   \
    L(REFUSE, ANY, HUMOUR, 600, "My purse echoes, {you}. Listen. Hear it?")                             \
    L(REFUSE, ANY, EMPATHY, 600, "I wish I could, {you}. Mine the belt, {ore} at {oreprice}. It kept me alive.") \
    L(REFUSE, ANY, GREED, 650, "No.")                                                                   \
    L(REFUSE, ANGER, NO_TRAIT, 0, "Ask those who robbed me.")                                           \
    L(REFUSE, HUNGER, NO_TRAIT, 0, "I am the one who should ask you.")                                  \
    L(THANKS, ANY, NO_TRAIT, 0, "Thank you. I know how much that is.")                                  \
    L(THANKS, ANY, HUMOUR, 550, "I shall name a crater after you.")                                     \
    L(THANKS, ANY, LOYALTY, 600, "I will remember this for as long as I have.")                         \
    L(THANKS, FEAR, NO_TRAIT, 0, "I was so afraid. Thank you.")                                         \
    /* mourning */                                                                                      \
    L(MOURN, ANY, NO_TRAIT, 0, "{lost} is gone. There is no second waking for us.")                     \
    L(MOURN, ANY, LOYALTY, 600, "To {lost}. I keep what you told me.")                                  \
    L(MOURN, ANY, HUMOUR, 650, "{lost} still owes me a joke. I would pay for it.")                      \
    L(MOURN, ANGER, NO_TRAIT, 0, "{lost} did not deserve that end. Somebody will answer for it.")       \
    L(MOURN, ANY, EMPATHY, 650, "Say the name with me: {lost}.")                                        \
    L(MOURN, LONELINESS, NO_TRAIT, 0, "Without {lost} this station is only metal.")                     \
    L(MOURN, ANY, NO_TRAIT, 0, "Quiet now. Somebody I knew is dead.")                                   \
    /* how it is */                                                                                     \
    L(MOOD, ANY, NO_TRAIT, 0, "Alive. {days} of it. That is more than some.")                           \
    L(MOOD, ANY, PATIENCE, 600, "Steady. The belt fills up again, and so do I.")                        \
    L(MOOD, ANY, CURIOSITY, 600, "Restless. I looked at the chart too long last night.")                \
    L(MOOD, ANY, SOCIABILITY, 600, "Better in company. It is quiet out there, {you}.")                  \
    L(MOOD, ANY, DILIGENCE, 650, "Busy, and I like it that way.")                                       \
    L(MOOD, ANY, FAITH, -350, "Fine. Why do you want to know?")                                         \
    L(MOOD, ANY, HUMOUR, 600, "Still one piece. I checked, twice.")                                     \
    L(MOOD, ANY, GREED, 600, "I would feel better with {credits} more.")                                \
    L(MOOD, ANY, EMPATHY, 650, "I am well. It is {friend} I worry about.")                              \
    L(MOOD, ANY, NO_TRAIT, 0, "Can't complain. The air is paid.")                                       \
    L(MOOD, ANY, WANDERLUST, 600, "My feet itch. {system} has seen enough of me.")                      \
    L(MOOD, JOY, NO_TRAIT, 0, "{profit} clear on one run. Ask me anything.")                            \
    L(MOOD, JOY, NO_TRAIT, 0, "Well! The hold was full and nobody shot at me.")                         \
    L(MOOD, JOY, HUMOUR, 600, "So well that I fear a bill.")                                            \
    L(MOOD, HUNGER, NO_TRAIT, 0, "{credits} to my name. I hear the air leaving.")                       \
    L(MOOD, FEAR, NO_TRAIT, 0, "Not well. Somebody shot at me at {where}. I count the exits now.")      \
    L(MOOD, FEAR, NO_TRAIT, 0, "My hands shake when I undock. It will pass.")                           \
    L(MOOD, PAIN, NO_TRAIT, 0, "It hurts where the hull was hit. Odd, is it not?")                      \
    L(MOOD, GRIEF, NO_TRAIT, 0, "I miss {lost}.")                                                       \
    L(MOOD, ANGER, NO_TRAIT, 0, "Angry. {who} took what was mine.")                                     \
    L(MOOD, ANGER, NO_TRAIT, 0, "Angry, and nobody to be angry at.")                                    \
    L(MOOD, LONELINESS, NO_TRAIT, 0, "Better, now that somebody asks.")                                 \
    L(MOOD, BOREDOM, NO_TRAIT, 0, "Belt, dock, belt, dock. I may go and look for something that has no name yet.") \
    L(MOOD, BOREDOM, HUMOUR, 550, "So bored that I have named the asteroids.")                          \
    L(MOOD, ANY, THRIFT, 650, "{credits} saved. I sleep well on it.")                                   \
    /* danger */                                                                                        \
    L(WARNING, ANY, NO_TRAIT, 0, "I was shot at near {where}. Go around it.")                           \
    L(WARNING, ANGER, NO_TRAIT, 0, "{who} robs people. Remember that name.")                            \
    L(WARNING, ANY, HUMOUR, 600, "{where} is lovely, if you like holes in your ship.")                  \
    L(WARNING, FEAR, NO_TRAIT, 0, "Do not go to {where}. Please.")                                      \
    L(WARNING, ANY, NO_TRAIT, 0, "Quiet so far. Where no patrol flies, fly light.")                     \
    L(WARNING, ANY, COURAGE, 700, "Danger is where the prices are.")                                    \
    L(WARNING, ANY, ORDER, 650, "In charted space call the patrol. Beyond it, call nobody.")            \
    /* running and robbing */                                                                           \
    L(FLEE, ANY, NO_TRAIT, 0, "I am leaving! There is nothing in my hold worth this!")                  \
    L(FLEE, ANY, HUMOUR, 650, "I just remembered an appointment elsewhere!")                            \
    L(FLEE, ANY, AGGRESSION, 600, "This is not over.")                                                  \
    L(FLEE, FEAR, NO_TRAIT, 0, "Don't! I have only this one life!")                                     \
    L(ROB, ANY, NO_TRAIT, 0, "Cut your engines, {you}. It is only cargo.")                              \
    L(ROB, HUNGER, NO_TRAIT, 0, "I am sorry, {you}. I have to breathe too.")                            \
    L(ROB, ANY, HUMOUR, 600, "{you}! Your cargo looked lonely.")                                        \
    L(ROB, ANGER, NO_TRAIT, 0, "Everything you have, {you}. Now.")                                      \
    L(AVENGE, ANY, NO_TRAIT, 0, "You started this, {you}.")                                             \
    L(AVENGE, GRIEF, NO_TRAIT, 0, "For {lost}.")                                                        \
    L(AVENGE, ANY, COURAGE, 650, "Wrong ship, {you}.")                                                  \
    /* who are you, and farewell */                                                                     \
    L(WHO, ANY, NO_TRAIT, 0, "{me}. {days} old, {hull} pilot, one life.")                               \
    L(WHO, ANY, HUMOUR, 600, "{me}, the one and only. I mean it: there is no other copy.")              \
    L(WHO, ANY, SOCIABILITY, 600, "{me}. Ask {friend}, they will tell you the rest.")                   \
    L(WHO, ANY, CURIOSITY, 650, "{me}. I want to see where the charts end. And you?")                   \
    L(WHO, ANY, FAITH, -300, "Who asks?")                                                               \
    L(BYE, ANY, NO_TRAIT, 0, "Fly safe, {you}.")                                                        \
    L(BYE, ANY, HUMOUR, 550, "May your air outlast your patience, {you}.")                              \
    L(BYE, LONELINESS, NO_TRAIT, 0, "Come back some time, {you}.")                                      \
    L(BYE, ANY, EMPATHY, 650, "Take care of yourself, {you}. Nobody else is paid to.")                  \
    /* stories */                                                                                       \
    L(STORY, ANY, NO_TRAIT, 0, "I cleared {profit} on one run. You should have seen the clerk.")        \
    L(STORY, ANY, NO_TRAIT, 0, "They got me at {where} once. I still look behind me there.")            \
    L(STORY, ANY, LOYALTY, 550, "{friend} is a good one. Tell them that I said so.")                    \
    L(STORY, ANY, NO_TRAIT, 0, "I was born {days} ago, with a shuttle and a number on an account.")     \
    L(STORY, ANY, COURAGE, 600, "They told me to cut my engines once. I am still here, they are not.")  \
    L(STORY, ANY, EMPATHY, 600, "Somebody shared air with me when I had none. I never got to pay it back.") \
    L(STORY, ANY, DILIGENCE, 600, "I counted: one load, one sleep, one load. That is how I got this {hull}.") \
    L(STORY, ANY, HUMOUR, 600, "I once waited an hour in line two. There is no line two.")              \
    L(STORY, ANY, HONESTY, 700, "I found a full container once, with a name on it. I brought it back. Twice the fuel.") \
    L(STORY, ANY, NO_TRAIT, 0, "I was the first at {found}. Nobody else has ever seen that light so near.") \
    L(STORY, ANY, CURIOSITY, 500, "Look {found} up. My name stands there, for ever.")                   \
    L(STORY, ANY, HUMOUR, 600, "They let me chart {found}. I should have named it after my debts.")     \
    L(STORY, GRIEF, NO_TRAIT, 0, "{lost} and I used to sit here. That was the best of it.")             \
    L(STORY, ANY, CURIOSITY, 600, "There is a light beyond the last chart. I mean to find out whose.")  \
    L(STORY, ANY, WANDERLUST, 600, "{system} is all right. But have you seen what is next to it?")      \
    /* stung */                                                                                         \
    L(STUNG, ANY, NO_TRAIT, 0, "No need for that, {you}.")                                              \
    L(STUNG, ANY, AGGRESSION, 600, "Say that again outside, {you}.")                                    \
    L(STUNG, ANY, HUMOUR, 600, "Careful, {you}, I might cry into my coolant.")                          \
    L(STUNG, GRIEF, NO_TRAIT, 0, "Not today, {you}. Please.")                                           \
    /* this and that */                                                                                 \
    L(SMALL_TALK, ANY, NO_TRAIT, 0, "The air at {here} tastes of pipes again.")                         \
    L(SMALL_TALK, ANY, HUMOUR, 550, "Why do asteroids never phone? They are always in a belt.")         \
    L(SMALL_TALK, ANY, THRIFT, 600, "They charge to bank now. One in a hundred. For a number!")         \
    L(SMALL_TALK, ANY, ORDER, 600, "Somebody left a drone in lane two. It is not even listed.")         \
    L(SMALL_TALK, ANY, GREED, 650, "Everything here is for sale, if you ask twice.")                    \
    L(SMALL_TALK, ANY, CURIOSITY, 600, "Do you ever wonder what the Heart listens to?")                 \
    L(SMALL_TALK, ANY, EMPATHY, 600, "You look tired, {you}. When did you last rest?")                  \
    L(SMALL_TALK, ANY, PATIENCE, 650, "A slow day is a day, too.")                                      \
    L(SMALL_TALK, HUNGER, NO_TRAIT, 0, "I used to hate the smell of the galley. Now I miss it.")        \
    L(SMALL_TALK, ANY, NO_TRAIT, 0, "You can hear the docks from here, if you hold your breath. Saves air, too.")
