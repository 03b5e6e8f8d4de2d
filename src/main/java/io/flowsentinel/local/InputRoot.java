package io.flowsentinel.local;

import io.flowsentinel.config.InvalidConfig;
import io.flowsentinel.config.JobOptions;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A place to read from, as users write it: {@code s3://}, {@code file:} or a path. */
final class InputRoot {

    private static final Logger LOG = LoggerFactory.getLogger(InputRoot.class);
    private static final String EXPECTED = "; expected a folder, a file or a bucket (s3://, file: or a path)";
    private static final String FILE_SCHEME = "file:";

    private InputRoot() {}

    /** The absolute URI of a path; anything else with a scheme stays as it is. */
    static String uri(String text) {
        try {
            if (text.startsWith(FILE_SCHEME) && !text.startsWith("file:/")) {
                return uri(Path.of(text.substring(FILE_SCHEME.length())));
            }
            boolean hasScheme = text.matches("[A-Za-z][A-Za-z0-9+.-]+:.*");
            return hasScheme || text.isBlank() ? text : uri(Path.of(text));
        } catch (InvalidPathException e) {
            throw new InvalidConfig(JobOptions.SOURCE_URI.key() + ": '" + text + "' is not a path" + EXPECTED, e);
        }
    }

    /** Nothing is percent-encoded: Flink takes the text of a path as it is, blanks and '%' included. */
    private static String uri(Path path) {
        return FILE_SCHEME + "//" + path.toAbsolutePath().normalize();
    }

    /**
     * Refuses what is not there. A continuous run may wait for a bucket's first object.
     *
     * @throws InvalidConfig where there is nothing to read from
     */
    static void check(String uri, boolean continuous) {
        String named = JobOptions.SOURCE_URI.key() + ": '" + uri + "'";
        try {
            org.apache.flink.core.fs.Path path = new org.apache.flink.core.fs.Path(uri);
            FileSystem files = path.getFileSystem();
            if (!files.isDistributedFS() || !continuous) {
                files.getFileStatus(path);
            }
        } catch (FileNotFoundException e) {
            throw new InvalidConfig(named + " does not exist" + EXPECTED, e);
        } catch (UnsupportedFileSystemSchemeException e) {
            throw new InvalidConfig(named + " is not allowed" + EXPECTED, e);
        } catch (IllegalArgumentException e) {
            // The path cannot be parsed, or the store's client lacks a setting, such as its region.
            throw new InvalidConfig(named + " cannot be used: " + e.getMessage(), e);
        } catch (IOException e) {
            // A store that does not answer is no wrong setting: the job tries, and says what happened.
            LOG.warn("{} could not be looked at before the start", uri, e);
        }
    }
}
