package io.flowsentinel.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.sink.Feed;
import java.io.IOException;
import java.util.List;

/** The feeds of a run that is over, or of a live job as far as it has come. */
interface Feeds {

    /** What a feed holds, in any order; nothing for one that is not there. */
    List<JsonNode> read(Feed feed) throws IOException;

    /** Where they are, for people. */
    String place();

    /** The same without what a run of this moment has written into them. */
    default Feeds without(String runId) {
        return this;
    }
}
