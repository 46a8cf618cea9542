// Which words bring which episodes of a life in the galaxy to mind. K(MEMORY_KIND, "word"), the word normalised as in
// likeness.h (lower case, no plural's s).
#define INF_KIN_WORDS(K)                                                                                \
    K(LOST, "death") K(LOST, "dead") K(LOST, "died") K(LOST, "die") K(LOST, "dying") K(LOST, "grief")   \
    K(LOST, "grave") K(LOST, "funeral") K(LOST, "mourn") K(LOST, "lost") K(LOST, "gone") K(LOST, "farewell") \
    K(LOST, "sad") K(LOST, "tear") K(LOST, "cry") K(LOST, "goodbye") K(LOST, "remember")                \
    K(ATTACKED, "war") K(ATTACKED, "attack") K(ATTACKED, "gun") K(ATTACKED, "shot") K(ATTACKED, "fight") \
    K(ATTACKED, "enemy") K(ATTACKED, "danger") K(ATTACKED, "fear") K(ATTACKED, "afraid") K(ATTACKED, "storm") \
    K(ATTACKED, "fire") K(ATTACKED, "thunder") K(ATTACKED, "police") K(ATTACKED, "accident") K(ATTACKED, "blood") \
    K(ROBBED, "thief") K(ROBBED, "stolen") K(ROBBED, "steal") K(ROBBED, "pirate") K(ROBBED, "robbed")   \
    K(FLED, "run") K(FLED, "escape") K(FLED, "hide") K(FLED, "dark") K(FLED, "night") K(FLED, "shadow") \
    K(TRADED, "money") K(TRADED, "price") K(TRADED, "market") K(TRADED, "trade") K(TRADED, "buy")       \
    K(TRADED, "sell") K(TRADED, "shop") K(TRADED, "bank") K(TRADED, "credit") K(TRADED, "bill") K(TRADED, "work") \
    K(MINED, "stone") K(MINED, "rock") K(MINED, "dig") K(MINED, "mine") K(MINED, "gold") K(MINED, "iron") \
    K(MINED, "mountain") K(MINED, "earth") K(MINED, "garden") K(MINED, "dust") K(MINED, "sand")         \
    K(DISCOVERED, "star") K(DISCOVERED, "sky") K(DISCOVERED, "light") K(DISCOVERED, "sun") K(DISCOVERED, "moon") \
    K(DISCOVERED, "new") K(DISCOVERED, "first") K(DISCOVERED, "sea") K(DISCOVERED, "ocean") K(DISCOVERED, "far") \
    K(DISCOVERED, "map") K(DISCOVERED, "travel") K(DISCOVERED, "journey") K(DISCOVERED, "window") K(DISCOVERED, "world") \
    K(TALKED, "friend") K(TALKED, "talk") K(TALKED, "laugh") K(TALKED, "song") K(TALKED, "music") K(TALKED, "sing") \
    K(TALKED, "party") K(TALKED, "coffee") K(TALKED, "tea") K(TALKED, "bar") K(TALKED, "story") K(TALKED, "voice") \
    K(MET, "hello") K(MET, "stranger") K(MET, "people") K(MET, "crowd") K(MET, "city") K(MET, "street") \
    K(HELPED, "help") K(HELPED, "gift") K(HELPED, "thank") K(HELPED, "kind") K(HELPED, "love") K(HELPED, "care") \
    K(HELPED, "mother") K(HELPED, "father") K(HELPED, "brother") K(HELPED, "sister") K(HELPED, "doctor") \
    K(STARVED, "hungry") K(STARVED, "hunger") K(STARVED, "bread") K(STARVED, "food") K(STARVED, "eat")  \
    K(STARVED, "kitchen") K(STARVED, "dinner") K(STARVED, "breath") K(STARVED, "breathe") K(STARVED, "air") \
    K(STARVED, "poor") K(STARVED, "cold") K(STARVED, "winter")                                          \
    K(BORN, "born") K(BORN, "birth") K(BORN, "child") K(BORN, "baby") K(BORN, "begin") K(BORN, "morning") \
    K(BORN, "wake") K(BORN, "spring") K(BORN, "home") K(BORN, "young") K(BORN, "school")
