package io.flowsentinel.local;

import io.flowsentinel.config.InvalidConfig;
import io.flowsentinel.sink.Feed;
import io.flowsentinel.sink.FeedFiles;
import io.flowsentinel.sink.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folder of the feeds and the report of one run. */
record OutputFolder(Path folder) {

    private static final String REPORT = "report.json";

    /** Finished files, and Flink's name for the one a run was writing when it was killed; for the name of a feed. */
    private static final String WRITTEN = "%1$s-.*\\.jsonl|\\.%1$s-.*\\.jsonl\\.inprogress\\..*";

    /**
     * Refuses a folder that holds a former run, files of somebody else in a feed's folder, and what is no folder.
     *
     * @throws InvalidConfig where it cannot be used
     */
    void check(boolean overwrite) {
        String named = "--output: '" + folder + "'";
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new InvalidConfig(named + " is a file; expected a folder");
        }
        try {
            List<Path> former = formerRun();
            if (!overwrite && !former.isEmpty()) {
                throw new InvalidConfig(named + " holds a former run; expected another folder, or --overwrite");
            }
        } catch (IOException e) {
            throw new InvalidConfig(named + " cannot be read; expected a folder", e);
        }
    }

    /** Makes the feeds' folders, and deletes what a former run left in them. */
    void prepare() throws IOException {
        for (Path file : formerRun()) {
            Files.delete(file);
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
            for (Path file : files.filter(OutputFolder::isFinished).sorted().toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    private static boolean isFinished(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".jsonl") && !name.startsWith(".");
    }

    /**
     * The files a run left here: nothing else is ever deleted.
     *
     * @throws InvalidConfig for a file in a feed's folder that no run wrote
     */
    private List<Path> formerRun() throws IOException {
        List<Path> former = new ArrayList<>();
        if (Files.exists(folder.resolve(REPORT))) {
            former.add(folder.resolve(REPORT));
        }
        for (Feed feed : Feed.values()) {
            Path directory = folder.resolve(feed.directory());
            if (Files.isDirectory(directory)) {
                former.addAll(formerFiles(directory, feed));
            } else if (Files.exists(directory)) {
                throw foreign(directory);
            }
        }
        return former;
    }

    private static List<Path> formerFiles(Path directory, Feed feed) throws IOException {
        Pattern written = Pattern.compile(WRITTEN.formatted(feed.directory()));
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> former = files.sorted().toList();
            for (Path file : former) {
                if (!written.matcher(file.getFileName().toString()).matches() || Files.isDirectory(file)) {
                    throw foreign(file);
                }
            }
            return former;
        }
    }

    private static InvalidConfig foreign(Path file) {
        return new InvalidConfig(
                "--output: '" + file + "' is no file of a former run; expected it elsewhere, or another folder");
    }
}
