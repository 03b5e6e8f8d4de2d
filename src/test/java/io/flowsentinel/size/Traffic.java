package io.flowsentinel.size;

/** What the estate logs in a burst; each item of it in one window. */
enum Traffic {

    /** Nothing: only time passes. */
    NONE,

    /** Item i is one UDP packet of interface i. Nothing stays of it, but what is cached by interface is warm after it. */
    GREETINGS,

    /** Item i is connection i with its SYN and SYN-ACK. */
    OPENINGS,

    /** Item i is connection i going on: no flag that means anything. */
    DATA,

    /** Item i is a SYN to which nobody answers, each of another tuple. */
    UNANSWERED
}
