package io.flowsentinel.sample;

/** One kind of traffic. */
public interface Script {

    /** Plays everything of its kind that begins in this minute; it may go on for longer. */
    void play(Minute minute);
}
