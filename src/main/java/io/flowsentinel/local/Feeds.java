package io.flowsentinel.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.sink.Feed;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import javax.annotation.Nullable;

/** The feeds of a run that is over, or of a live job as far as it has come. */
interface Feeds {

    /** What a feed holds, in any order; nothing for one that is not there. */
    List<JsonNode> read(Feed feed) throws IOException;

    /** Where they are, for people. */
    String place();

    /**
     * The same, as what another run is compared with.
     *
     * @param runId of the other run: what it has written into these feeds does not count
     * @param after messages of findings that were decided up to then may be left out; null for none
     */
    default Feeds comparedWith(String runId, @Nullable Instant after) {
        return this;
    }
}
