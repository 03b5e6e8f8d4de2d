package io.flowsentinel.local;

import io.flowsentinel.config.InvalidConfig;
import io.flowsentinel.sink.Feed;
import io.flowsentinel.sink.FeedFiles;
import io.flowsentinel.sink.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folder of the feeds and the report of one run. */
record OutputFolder(Path folder) {

    private static final String REPORT = "report.json";

    /**
     * Refuses a folder that holds a former run, or that is no folder.
     *
     * @throws InvalidConfig where it cannot be used
     */
    void check(boolean overwrite) {
        String named = "--output: '" + folder + "'";
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new InvalidConfig(named + " is a file; expected a folder");
        }
        try {
            if (!overwrite && holdsRun()) {
                throw new InvalidConfig(named + " holds a former run; expected another folder, or --overwrite");
            }
        } catch (IOException e) {
            throw new InvalidConfig(named + " cannot be read; expected a folder", e);
        }
    }

    /** Makes the feeds' folders, and deletes what a former run left in them. */
    void prepare() throws IOException {
        Files.deleteIfExists(folder.resolve(REPORT));
        for (Feed feed : Feed.values()) {
            delete(folder.resolve(feed.directory()));
        }
        FeedFiles.createDirectories(folder.toUri());
    }

    /** Leaves finished files only, and the report. */
    void finish(Report report) throws IOException {
        FeedFiles.deleteUnfinished(folder.toUri());
        report.write(folder.resolve(REPORT));
    }

    /** The lines of a feed's finished files. */
    List<String> lines(Feed feed) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve(feed.directory()))) {
            for (Path file : files.sorted().toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    private boolean holdsRun() throws IOException {
        if (Files.exists(folder.resolve(REPORT))) {
            return true;
        }
        for (Feed feed : Feed.values()) {
            Path directory = folder.resolve(feed.directory());
            if (Files.isDirectory(directory)) {
                try (Stream<Path> files = Files.list(directory)) {
                    if (files.findAny().isPresent()) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
