package io.flowsentinel.sink;

import java.io.IOException;
import java.net.URI;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;

/**
 * The feeds as JSON lines in one directory each below an output directory. A file is seen under its final name,
 * {@code *.jsonl}, once the checkpoint that it belongs to is complete, and never changes after that.
 */
public final class FeedFiles {

    private static final String SUFFIX = ".jsonl";

    private FeedFiles() {}

    /** Creates a directory for each feed, so that a feed with nothing to say is an empty directory. */
    public static void createDirectories(URI output) throws IOException {
        for (Feed feed : Feed.values()) {
            Path directory = directory(output, feed);
            if (!directory.getFileSystem().mkdirs(directory)) {
                throw new IOException("the output directory " + directory + " could not be created");
            }
        }
    }

    /**
     * Deletes what a failed attempt left behind in the feeds' directories. To be called when a bounded run is over:
     * Flink forgets the file an attempt was writing when the attempt is restarted from a checkpoint before it.
     */
    public static void deleteUnfinished(URI output) throws IOException {
        for (Feed feed : Feed.values()) {
            Path directory = directory(output, feed);
            FileSystem files = directory.getFileSystem();
            FileStatus[] found = files.listStatus(directory);
            for (FileStatus file : found == null ? new FileStatus[0] : found) {
                if (!file.getPath().getName().endsWith(SUFFIX)) {
                    files.delete(file.getPath(), true);
                }
            }
        }
    }

    static <T> Sink<T> sink(URI output, Feed feed, FeedEncoder<T> encoder) {
        return FileSink.forBulkFormat(directory(output, feed), new JsonLines<>(encoder))
                .withBucketAssigner(new BasePathBucketAssigner<>())
                .withOutputFileConfig(OutputFileConfig.builder()
                        .withPartPrefix(feed.directory())
                        .withPartSuffix(SUFFIX)
                        .build())
                .build();
    }

    private static Path directory(URI output, Feed feed) {
        return new Path(new Path(output), feed.directory());
    }
}
