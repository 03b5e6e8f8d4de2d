package io.flowsentinel.local;

import io.flowsentinel.config.InvalidConfig;
import io.flowsentinel.config.JobOptions;
import io.flowsentinel.source.ObjectsUnavailable;
import io.flowsentinel.source.discovery.StorageRefusal;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;

/** A place to read from, as users write it: {@code s3://}, {@code file:} or a path. */
final class InputRoot {

    private static final String EXPECTED = "; expected a folder, a file or a bucket (s3://, file: or a path)";
    private static final int MOST_CHARS = 200;

    /** The client goes on with the names of its classes. */
    private static final String NO_CREDENTIALS = "Unable to load credentials";

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
     * @throws InvalidConfig where there is nothing to read from, or the store refuses to show it
     * @throws ObjectsUnavailable where the store does not answer
     */
    static void check(String uri, boolean continuous) {
        String named = JobOptions.SOURCE_URI.key() + ": '" + uri + "'";
        try {
            org.apache.flink.core.fs.Path path = new org.apache.flink.core.fs.Path(uri);
            FileSystem files = path.getFileSystem();
            if (!files.isDistributedFS() || !continuous) {
                look(files, path);
            }
        } catch (FileNotFoundException e) {
            throw new InvalidConfig(named + " does not exist" + EXPECTED, e);
        } catch (UnsupportedFileSystemSchemeException e) {
            throw new InvalidConfig(named + " is not allowed" + EXPECTED, e);
        } catch (IllegalArgumentException e) {
            // The path cannot be parsed, or the store's client lacks a setting, such as its region.
            throw new InvalidConfig(named + " cannot be used: " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            String message = named + " cannot be looked at: " + reason(e);
            throw StorageRefusal.is(e) ? new InvalidConfig(message, e) : new ObjectsUnavailable(message, e);
        }
    }

    /** A whole bucket is no object that a store could be asked for: it can only be listed. */
    private static void look(FileSystem files, org.apache.flink.core.fs.Path path) throws IOException {
        if (path.toUri().getPath().replace("/", "").isEmpty()) {
            files.listStatus(path);
        } else {
            files.getFileStatus(path);
        }
    }

    /** What the store's client says, in one line of bounded length. */
    static String reason(Exception failed) {
        Throwable root = rootOf(failed);
        String reason = root instanceof UnknownHostException ? "unknown host " + root.getMessage() : root.getMessage();
        if (reason != null && reason.startsWith(NO_CREDENTIALS)) {
            return "no credentials, neither s3.access-key and s3.secret-key nor in the environment, a profile or a role";
        }
        String oneLine = String.valueOf(reason).replaceAll("\\s+", " ").strip();
        return oneLine.length() <= MOST_CHARS ? oneLine : oneLine.substring(0, MOST_CHARS) + "…";
    }

    private static Throwable rootOf(Throwable failed) {
        Throwable root = failed;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
