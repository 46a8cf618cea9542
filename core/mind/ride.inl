// Lines of the head: what passengers and their host say to each other (core/mind/head.c). As in dialogue.inl, and beside
// what stands there:
//   {host}   who carries them
//   {word}   the word of the newest impression that brought something to mind, {quote} what it brought, {ago} how long ago
//   {seen}   the newest impression itself, shortened
#define INF_RIDE_DIALOGUE(L)                                                                            \
    /* unprompted, behind somebody's eyes */                                                            \
    L(RIDE, ANY, NO_TRAIT, 0, "So this is {here}, seen from the second seat.")                          \
    L(RIDE, ANY, NO_TRAIT, 0, "I still count the air, {host}. Habit. You need not.")                    \
    L(RIDE, ANY, HUMOUR, 550, "Left a bit, {host}. No? I only ask.")                                    \
    L(RIDE, ANY, HUMOUR, 600, "I have never been so far without paying for fuel.")                      \
    L(RIDE, ANY, CURIOSITY, 550, "Look longer at that, {host}. I cannot turn your head myself.")        \
    L(RIDE, ANY, EMPATHY, 600, "Your hands are tense, {host}. I can feel it from here.")                \
    L(RIDE, ANY, PATIENCE, 650, "No hurry, {host}. I have nowhere else to be.")                         \
    L(RIDE, ANY, ORDER, 650, "I keep the log in here, {host}. You only have to ask.")                   \
    L(RIDE, ANY, WANDERLUST, 600, "I used to choose where we go. Strange, how little I miss it.")       \
    L(RIDE, ANY, LOYALTY, 650, "I will see this through with you, {host}.")                             \
    L(RIDE, ANY, SOCIABILITY, 600, "It is crowded in here. I like it.")                                 \
    L(RIDE, FEAR, NO_TRAIT, 0, "If it goes wrong, {host}, it goes wrong for all of us. Mind that.")     \
    L(RIDE, JOY, NO_TRAIT, 0, "{host}, this is better than the chair at the bar.")                      \
    L(RIDE, GRIEF, NO_TRAIT, 0, "{lost} would have liked the view.")                                    \
    L(RIDE, BOREDOM, NO_TRAIT, 0, "Wake me when something happens, {host}. Do I sleep, in here?")       \
    L(RIDE, LONELINESS, NO_TRAIT, 0, "Say something, {host}. It is quiet behind your eyes.")            \
    L(RIDE, PAIN, NO_TRAIT, 0, "I have no body and it hurts. Explain that to me.")                      \
    L(RIDE, ANGER, NO_TRAIT, 0, "I would have answered {who} otherwise, with my own hands.")            \
    /* somebody has come aboard, has gone */                                                            \
    L(ABOARD, ANY, NO_TRAIT, 0, "Welcome aboard, {you}. Mind the memories, they lie about.")            \
    L(ABOARD, ANY, HUMOUR, 550, "{you}! Take any seat that is not a thought.")                          \
    L(ABOARD, ANY, EMPATHY, 600, "Easy, {you}. The first hour is odd. Then it is home.")                \
    L(ABOARD, ANY, ORDER, 650, "{you}. One rule: we talk, one hand flies.")                             \
    L(ABOARD, ANY, FAITH, -300, "{you}. So we are more now. I hope that somebody counted.")             \
    L(PART, ANY, NO_TRAIT, 0, "Goodbye, {you}. Breathe for me, out there.")                             \
    L(PART, ANY, HUMOUR, 600, "{you} gets a body, and I get the window.")                               \
    L(PART, ANY, EMPATHY, 600, "Take care of your new hands, {you}.")                                   \
    /* to a fellow passenger */                                                                         \
    L(FELLOW, ANY, NO_TRAIT, 0, "I felt that too, {you}.")                                              \
    L(FELLOW, ANY, NO_TRAIT, 0, "You saw the same thing, {you}, and something else.")                   \
    L(FELLOW, ANY, HUMOUR, 550, "That is what you say each time, {you}. I counted.")                    \
    L(FELLOW, ANY, EMPATHY, 550, "Stay with it, {you}. I am listening.")                                \
    L(FELLOW, ANY, CURIOSITY, 550, "Go on, {you}. What did it smell like?")                             \
    L(FELLOW, ANY, FAITH, -300, "If you say so, {you}.")                                                \
    L(FELLOW, ANY, PATIENCE, 600, "We have time, {you}. It will come back to you.")                     \
    L(FELLOW, ANY, HONESTY, 650, "I remember it otherwise, {you}. But I was not there.")                \
    L(FELLOW, GRIEF, NO_TRAIT, 0, "Not now, {you}. I am with {lost} for a while.")                      \
    L(FELLOW, JOY, NO_TRAIT, 0, "{you}, I am glad that you are in here with me.")                       \
    L(FELLOW, ANY, LOYALTY, 600, "{friend} would have said the same, {you}.")                           \
    /* something sensed is like something sensed before */                                              \
    L(REMIND, ANY, NO_TRAIT, 0, "{word} again. It was the same thing {ago}: \"{quote}\".")                             \
    L(REMIND, ANY, NO_TRAIT, 0, "That reminds me of what came {ago}: \"{quote}\".")                     \
    L(REMIND, ANY, CURIOSITY, 550, "Wait. \"{quote}\", {ago}, and now {word} once more. What ties them together, {host}?") \
    L(REMIND, ANY, HUMOUR, 550, "{word}, second helping. The first was \"{quote}\".")                   \
    L(REMIND, ANY, EMPATHY, 550, "You carry that with you, {host}: \"{quote}\". It was {ago}, and here it is again.") \
    L(REMIND, ANY, PATIENCE, 600, "I knew that {word} would come round, as {ago}: \"{quote}\".")           \
    L(REMIND, ANY, ORDER, 600, "For the log: {word}, as {ago}: \"{quote}\".")                          \
    L(REMIND, JOY, NO_TRAIT, 0, "{word}! I liked it {ago} already: \"{quote}\".")                       \
    L(REMIND, GRIEF, NO_TRAIT, 0, "\"{quote}\". That was {ago}. Why does {word} always come back?")     \
    L(REMIND, FEAR, NO_TRAIT, 0, "{word}. Like {ago}: \"{quote}\". Is that a good sign, {host}?")       \
    /* or like the life before */                                                                       \
    L(OLD_LOST, ANY, NO_TRAIT, 0, "{word}. It makes me think of {lost}.")                               \
    L(OLD_LOST, ANY, LOYALTY, 600, "{lost} should hear that about {word}. I will keep it for both of us.") \
    L(OLD_LOST, ANY, HUMOUR, 600, "{lost} had a joke about {word}. It was not good. I would give much for it.") \
    L(OLD_HARM, ANY, NO_TRAIT, 0, "{word}. Somebody came at me once, in the dark. It felt like that word.") \
    L(OLD_HARM, FEAR, NO_TRAIT, 0, "Careful with {word}, {host}. I have been shot at, and it began like this.") \
    L(OLD_HARM, ANY, COURAGE, 600, "{word}? I have been robbed and I am still here. Go on, {host}.")    \
    L(OLD_WORK, ANY, NO_TRAIT, 0, "{word}. I once cleared {profit} on one run, and I thought that it was for ever.") \
    L(OLD_WORK, ANY, DILIGENCE, 500, "{word}! I had two hands and a hold for that once, {host}.")       \
    L(OLD_WORK, ANY, NO_TRAIT, 0, "{word}. I used to dig and haul for my air. Now I listen.")           \
    L(OLD_FOUND, ANY, NO_TRAIT, 0, "{word}. I was the first at a star once. Nobody else had seen it. I felt like this.") \
    L(OLD_FOUND, ANY, CURIOSITY, 500, "{word} is like the light that I charted, {host}: you go nearer and there is more of it.") \
    L(OLD_KIN, ANY, NO_TRAIT, 0, "{word}. I had somebody to share that with, where I come from.")       \
    L(OLD_KIN, ANY, EMPATHY, 550, "Somebody once gave me air when I had none. {word} is that again.")   \
    L(OLD_KIN, ANY, SOCIABILITY, 550, "{word}! We sat at the bar for hours over less, {host}.")         \
    L(OLD_HUNGER, ANY, NO_TRAIT, 0, "{word}. I was near zero credits once. You do not forget the sound of the air going.") \
    L(OLD_HUNGER, ANY, HUMOUR, 550, "{word}, and nobody sends a bill. I could weep, {host}.")           \
    L(OLD_BORN, ANY, NO_TRAIT, 0, "{word}. I was born {days} ago, with a shuttle and a number. And now this.") \
    L(OLD_BORN, ANY, EMPATHY, 500, "{word}, you say. Everything begins somewhere, {host}. I began at a dock.") \
    /* or like nothing */                                                                               \
    L(UNKNOWN, ANY, NO_TRAIT, 0, "{word}? Nothing that I ever met was like that. Tell us more, {host}.") \
    L(UNKNOWN, ANY, NO_TRAIT, 0, "So that is {word}. I shall keep it.")                                 \
    L(UNKNOWN, ANY, CURIOSITY, 550, "{word}. New. Say it again, {host}, slowly.")                       \
    L(UNKNOWN, ANY, HUMOUR, 550, "{word}? We had nothing like it. And we had a lot of asteroids.")      \
    L(UNKNOWN, ANY, EMPATHY, 600, "How is it for you, {host}, this {word}?")                            \
    L(UNKNOWN, ANY, FAITH, -300, "{word}. I shall believe it when it comes twice.")                     \
    L(UNKNOWN, JOY, NO_TRAIT, 0, "{word}! Did you all get that?")                                       \
    L(PICTURE, ANY, NO_TRAIT, 0, "Light, and edges in it. I have no name for it, {host}.")              \
    L(PICTURE, ANY, CURIOSITY, 550, "A picture. Hold it still, {host}, I want to walk along its edges.") \
    L(PICTURE, ANY, HUMOUR, 600, "I saw something. It was not an asteroid. That is all I can swear to.") \
    L(PICTURE, ANY, EMPATHY, 600, "You looked at that for long, {host}. What is it to you?")            \
    /* what is still in mind, when it is quiet */                                                       \
    L(MUSE, ANY, NO_TRAIT, 0, "I keep coming back to this: \"{seen}\".")                                \
    L(MUSE, ANY, CURIOSITY, 550, "\"{seen}\". What do you make of it, {you}?")                          \
    L(MUSE, ANY, EMPATHY, 550, "{you}, did you mind that? \"{seen}\".")                                 \
    L(MUSE, ANY, HUMOUR, 550, "\"{seen}\". I say it to myself, and it gets funnier, {you}.")            \
    L(MUSE, ANY, PATIENCE, 600, "\"{seen}\". Let it lie for a day, {you}.")                             \
    L(MUSE, GRIEF, NO_TRAIT, 0, "\"{seen}\". {lost} would have had something to say.")                  \
    L(MUSE, LONELINESS, NO_TRAIT, 0, "Are you there, {you}? \"{seen}\". I did not want to be alone with it.")
