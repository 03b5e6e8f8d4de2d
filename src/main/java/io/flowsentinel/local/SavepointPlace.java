package io.flowsentinel.local;

import io.flowsentinel.GivenSavepoint;
import io.flowsentinel.config.InvalidConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a savepoint is or is to be, as users write it, looked at before anything is started. */
final class SavepointPlace {

    /** Of an object that is gone again at once; another run may try at the same moment. */
    private static final String TRIAL = "_trial-of-flow-sentinel-";

    private static final String READABLE = "; expected a savepoint or a retained checkpoint that exists";
    private static final String WRITABLE = "; expected a folder or bucket that can be written to";

    private static final Logger LOG = LoggerFactory.getLogger(SavepointPlace.class);

    private SavepointPlace() {}

    /**
     * The savepoint at a place.
     *
     * @param option that names it
     * @throws InvalidConfig where there is none, or where it cannot be looked at
     */
    static String existing(String option, String named) {
        try {
            String uri = InputRoot.uri(named);
            if (GivenSavepoint.isAt(new Path(uri))) {
                return uri;
            }
            throw new InvalidConfig(option + ": '" + named + "' is not allowed" + READABLE);
        } catch (IOException | RuntimeException e) {
            throw refusal(option, named, "cannot be looked at", e, READABLE);
        }
    }

    /**
     * A place to write savepoints below. A store says only when it is asked to write whether it lets one write, and that
     * should not be when hours of history are read.
     *
     * @param option that names it
     * @throws InvalidConfig where nothing can be written
     */
    static String writable(String option, String named) {
        try {
            String uri = InputRoot.uri(named);
            Path folder = new Path(uri);
            FileSystem files = folder.getFileSystem();
            if (!files.mkdirs(folder)) {
                throw new IOException("it cannot be made");
            }
            write(files, new Path(folder, TRIAL + UUID.randomUUID()));
            return uri;
        } catch (IOException | RuntimeException e) {
            throw refusal(option, named, "cannot be written to", e, WRITABLE);
        }
    }

    private static void write(FileSystem files, Path trial) throws IOException {
        try (FSDataOutputStream out = files.create(trial, WriteMode.NO_OVERWRITE)) {
            out.write("can be deleted\n".getBytes(StandardCharsets.UTF_8));
        }
        try {
            files.delete(trial, false);
        } catch (IOException mayNotDelete) {
            LOG.info("{} stays where it is", trial, mayNotDelete);
        }
    }

    private static InvalidConfig refusal(String option, String named, String what, Exception e, String expected) {
        return e instanceof InvalidConfig refused
                ? refused
                : new InvalidConfig(option + ": '" + named + "' " + what + ": " + InputRoot.reason(e) + expected, e);
    }
}
