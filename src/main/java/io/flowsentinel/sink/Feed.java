package io.flowsentinel.sink;

/** The feeds, by the names users know them under. */
public enum Feed {
    ALERTS("alerts"),
    CONNECTIONS("connections"),
    QUARANTINE("quarantine"),
    LATE("late"),
    SUPPRESSED("suppressed");

    private final String directory;

    Feed(String directory) {
        this.directory = directory;
    }

    /** Name of the feed's directory below the output directory, and of its JSON Schema. */
    public String directory() {
        return directory;
    }

    /** Name of the feed's topic unless configured otherwise. */
    public String defaultTopic() {
        return "vpc-flow-" + directory;
    }
}
