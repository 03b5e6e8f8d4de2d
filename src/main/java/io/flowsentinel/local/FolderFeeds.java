package io.flowsentinel.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flowsentinel.sink.Feed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The feeds of a run with {@code --output}.
 *
 * @param folder the output folder
 */
record FolderFeeds(Path folder) implements Feeds {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whether a run has left its alerts below a folder. */
    static boolean areIn(Path folder) {
        return Files.isDirectory(folder.resolve(Feed.ALERTS.directory()));
    }

    @Override
    public List<JsonNode> read(Feed feed) throws IOException {
        if (!Files.isDirectory(folder.resolve(feed.directory()))) {
            return List.of();
        }
        List<JsonNode> rows = new ArrayList<>();
        for (String line : new OutputFolder(folder).lines(feed)) {
            rows.add(JSON.readTree(line));
        }
        return rows;
    }

    @Override
    public String place() {
        return folder.toString();
    }
}
