// The settings. The comment becomes the default file's; \n breaks its lines.
//   CONFIG_NUMBER(key, default, min, max, comment)
//   CONFIG_TEXT(key, default, comment)
//   CONFIG_CHOICE(key, default, choices separated by blanks, comment)
CONFIG_TEXT(name, "Infinity", "What the galaxy is called on its page.")
CONFIG_CHOICE(kind, "open", "open secluded awake",
              "What a new galaxy is. open: players and minds; secluded: souls by invitation only, no players, not\n"
              "listed; awake: one host, whose senses are fed from outside, and its passengers. Stays as it is.")
CONFIG_TEXT(host, "", "Who hosts an awake galaxy: the name of its one soul. Read when the galaxy is made.")
CONFIG_NUMBER(seed, 42, 0, UINT64_MAX,
              "Everything that was never touched is a function of this number.\n"
              "Read when the galaxy is made; later it must stay as it is.")
CONFIG_NUMBER(minds, 10000, 0, 1000000, "Built-in minds that a new galaxy is born with. Read when the galaxy is made.")
CONFIG_TEXT(address, "127.0.0.1",
            "Where the page and the players come in. 127.0.0.1: this machine only, and what a reverse proxy\n"
            "wants; 0.0.0.0: all of IPv4; :: all of IPv6 and IPv4.")
CONFIG_NUMBER(port, 8080, 0, 65535, "0 takes any free port and prints it.")
CONFIG_TEXT(socket, "",
            "A Unix socket beside the port, for a reverse proxy on this machine (it costs half as much).\n"
            "A path without a leading / is inside the galaxy's folder. Empty: none.")
CONFIG_TEXT(tls_certificate, "",
            "A PEM file with the certificate (and its chain): then pages, REST and other servers are also served by\n"
            "HTTPS on tls_port. A path without a leading / is inside the galaxy's folder. Empty: no HTTPS here.")
CONFIG_TEXT(tls_key, "", "The PEM file with the certificate's private key.")
CONFIG_NUMBER(tls_port, 8443, 0, 65535, "0 takes any free port and prints it.")
CONFIG_CHOICE(border, "peers", "closed peers open",
              "Who may send souls here. closed: nobody; peers: the servers named in border_peers; open: any server\n"
              "(its souls bring border_claim_max credits at most). Invitations open the border for one soul or server.")
CONFIG_TEXT(border_peers, "",
            "Public keys of servers (64 hexadecimal digits each, separated by blanks) that are believed in full.")
CONFIG_NUMBER(border_claim_max, 1000, 0, 1000000000, "Credits that a soul of a stranger's server may bring.")
CONFIG_TEXT(border_url, "",
            "How other servers reach this one, like https://galaxy.example:8443. It stands in what leaves this\n"
            "galaxy. Empty: the address that is listened on.")
CONFIG_TEXT(border_ca, "", "A PEM file of certificates to trust when other servers are called. Empty: the system's.")
CONFIG_CHOICE(border_private, "host", "none host all",
              "Who may name a server on this machine or in a private network: none: nobody; host: commands on this\n"
              "machine; all: players and minds too.")
CONFIG_NUMBER(border_retry_ms, 1000, 10, 60000,
              "How long an unanswered letter to another server waits before it is sent again; doubled each time, up\n"
              "to five minutes.")
CONFIG_TEXT(origins, "",
            "Pages on other hosts that may open a connection, separated by blanks, like https://play.example.\n"
            "The page that this server serves itself always may.")
CONFIG_TEXT(hosts, "",
            "Names that this server goes by, separated by blanks; a page asking for another is refused.\n"
            "Empty: any.")
CONFIG_TEXT(web, "", "Folder of the page. Empty: found beside the program (web/dist or share/infinity/web).")
CONFIG_NUMBER(players, 1000, 1, 65535, "Players connected at the same time, at most.")
CONFIG_NUMBER(players_per_address, 64, 1, 65535, "Of these from one address; this machine itself is free of it.")
CONFIG_NUMBER(threads, 0, 0, 256, "Threads that compute the shards. 0: one for each processor.")
CONFIG_NUMBER(snapshot_minutes, 10, 1, 1440, "How often the worlds are saved, so that a restart replays minutes only.")
CONFIG_NUMBER(tick_ms, 100, 10, 1000,
              "Milliseconds between two ticks. A tick is 100 ms of the galaxy's own time whatever this says: below 100\n"
              "everything in it goes faster than life. For measurements; leave it at 100 for players.")
CONFIG_NUMBER(tick_budget_percent, 90, 1, 100,
              "How much of this time the work of a tick may take before players in crowds are shown fewer ships.")
CONFIG_NUMBER(tick_late_percent, 100, 1, 100,
              "How much of it may be taken when that is used up, before players are told less often than each tick.")
CONFIG_CHOICE(log, "auto", "auto text json", "Lines on stderr. auto: text for a terminal, JSON otherwise.")
