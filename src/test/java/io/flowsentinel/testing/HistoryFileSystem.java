package io.flowsentinel.testing;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.core.fs.BlockLocation;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * Shows a {@link History} without storing it: a million objects cost what is listed of them. What a test publishes is
 * there from the next listing on. Each object has a header and one record, as plain text.
 *
 * <p>Calls are counted for all histories together, and published objects are kept, until {@link #reset()}. May be used
 * by any thread.
 */
public final class HistoryFileSystem extends FileSystem {

    static final String SCHEME = "history";

    private static final String HEADER =
            "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";
    private static final DateTimeFormatter SLOT = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm'Z'");
    private static final long PUBLISHED_AFTER_MILLIS = 600_000;

    private static final ConcurrentMap<History, NavigableSet<String>> PUBLISHED = new ConcurrentHashMap<>();
    private static final LongAdder LISTINGS = new LongAdder();
    private static final LongAdder ENTRIES = new LongAdder();
    private static final LongAdder STATUS_CALLS = new LongAdder();
    private static final LongAdder OPENED = new LongAdder();
    private static volatile boolean missingFoldersThrow;

    private final History history;
    private final HistoryTree tree;

    HistoryFileSystem(History history) {
        this.history = history;
        this.tree = new HistoryTree(history);
    }

    /** Publishes one more object, of an account that may be new, and gives its key. */
    public static String publish(History history, String account, String region, Instant slot, String hash) {
        String key = history.key(account, region, slot, hash);
        publish(history, key);
        return key;
    }

    /**
     * Publishes an object in a folder that is not its own.
     *
     * @param folderOf a moment of the folder in which it stands
     */
    public static void publishElsewhere(
            History history, String account, String region, Instant slot, Instant folderOf, String hash) {
        String own = history.key(account, region, slot, hash);
        String other = history.key(account, region, folderOf, hash);
        publish(history, other.substring(0, other.lastIndexOf('/')) + own.substring(own.lastIndexOf('/')));
    }

    private static void publish(History history, String key) {
        PUBLISHED
                .computeIfAbsent(history, first -> new ConcurrentSkipListSet<>())
                .add(key);
    }

    /** Whether listing a missing folder throws, as with Hadoop, or gives nothing, as with S3 and at first. */
    public static void missingFoldersThrow(boolean thrown) {
        missingFoldersThrow = thrown;
    }

    /** How many folders were listed. */
    public static long listings() {
        return LISTINGS.sum();
    }

    /** How many entries all listings have given. */
    public static long entriesListed() {
        return ENTRIES.sum();
    }

    /** How often the status of a single file or folder was asked for. */
    public static long statusCalls() {
        return STATUS_CALLS.sum();
    }

    /** How many objects were opened. */
    public static long opened() {
        return OPENED.sum();
    }

    /** As new: nothing published, nothing counted, missing folders give nothing. */
    public static void reset() {
        PUBLISHED.clear();
        missingFoldersThrow = false;
        List.of(LISTINGS, ENTRIES, STATUS_CALLS, OPENED).forEach(LongAdder::reset);
    }

    @Override
    public FileStatus[] listStatus(Path folder) throws IOException {
        LISTINGS.increment();
        Map<String, Boolean> children = children(key(folder));
        if (children.isEmpty() && missingFoldersThrow) {
            throw new FileNotFoundException(folder + " does not exist");
        }
        ENTRIES.add(children.size());
        String parent = folder.makeQualified(this).toString();
        String prefix = parent.endsWith("/") ? parent : parent + "/";
        return children.entrySet().stream()
                .map(child -> new Entry(new Path(prefix + child.getKey()), child.getValue()))
                .toArray(FileStatus[]::new);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        STATUS_CALLS.increment();
        return status(path);
    }

    @Override
    public FSDataInputStream open(Path path) throws IOException {
        OPENED.increment();
        FileStatus status = status(path);
        if (status.isDir()) {
            throw new FileNotFoundException(path + " is a folder");
        }
        return new Content(content(path.getName()));
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        return open(path);
    }

    @Override
    public URI getUri() {
        return URI.create(history.uri());
    }

    @Override
    public Path getWorkingDirectory() {
        return new Path(getUri());
    }

    @Override
    public Path getHomeDirectory() {
        return new Path(getUri());
    }

    @Override
    public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long length) {
        return new BlockLocation[0];
    }

    @Override
    public boolean isDistributedFS() {
        return true;
    }

    @Override
    public boolean delete(Path path, boolean recursive) {
        throw readOnly();
    }

    @Override
    public boolean mkdirs(Path path) {
        throw readOnly();
    }

    @Override
    public FSDataOutputStream create(Path path, WriteMode mode) {
        throw readOnly();
    }

    @Override
    public boolean rename(Path from, Path to) {
        throw readOnly();
    }

    private FileStatus status(Path path) throws FileNotFoundException {
        String key = key(path);
        if (key.isEmpty()) {
            return new Entry(path, true);
        }
        Boolean folder = children(key(path.getParent())).get(path.getName());
        if (folder == null) {
            throw new FileNotFoundException(path + " does not exist");
        }
        return new Entry(path, folder);
    }

    /** What is directly below a folder, by name, with whether it is a folder; nothing if there is no such folder. */
    private Map<String, Boolean> children(String folder) {
        List<String> names = folder.isEmpty() ? List.of() : Arrays.asList(folder.split("/", -1));
        Map<String, Boolean> children = new TreeMap<>();
        Optional<List<String>> ofHistory = tree.children(names);
        boolean folders = !tree.holdsObjects(names.size());
        ofHistory.ifPresent(found -> found.forEach(name -> children.put(name, folders)));
        String prefix = folder.isEmpty() ? "" : folder + "/";
        for (String key : PUBLISHED
                .getOrDefault(history, new ConcurrentSkipListSet<>())
                .subSet(prefix, prefix + Character.MAX_VALUE)) {
            int slash = key.indexOf('/', prefix.length());
            children.put(slash < 0 ? key.substring(prefix.length()) : key.substring(prefix.length(), slash), slash > 0);
        }
        return children;
    }

    private static String key(Path path) {
        return path.getPath().replaceAll("^/+|/+$", "");
    }

    private static byte[] content(String fileName) {
        String account = fileName.substring(0, 12);
        long slot = slotSeconds(fileName);
        String record = "2 " + account + " eni-0123456789abcdef0 198.51.100.7 10.0.0.9 40000 443 6 5 500 " + slot + " "
                + (slot + 59) + " ACCEPT OK";
        return (HEADER + "\n" + record + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static long slotSeconds(String fileName) {
        String[] words = fileName.split("_", -1);
        return LocalDateTime.parse(words[4], SLOT).toEpochSecond(ZoneOffset.UTC);
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("history cannot be changed; publish() adds to it");
    }

    /** A folder or an object; all objects have the same length. */
    private static final class Entry implements FileStatus {

        private static final int LENGTH = content(History.fileName(
                        History.account(0), History.region(0), Instant.parse("2025-12-31T00:00:00Z"), ""))
                .length;

        private final Path path;
        private final boolean folder;

        Entry(Path path, boolean folder) {
            this.path = path;
            this.folder = folder;
        }

        @Override
        public long getLen() {
            return folder ? 0 : LENGTH;
        }

        @Override
        public long getModificationTime() {
            return folder ? 0 : slotSeconds(path.getName()) * 1000 + PUBLISHED_AFTER_MILLIS;
        }

        @Override
        public boolean isDir() {
            return folder;
        }

        @Override
        public Path getPath() {
            return path;
        }

        @Override
        public long getBlockSize() {
            return getLen();
        }

        @Override
        public short getReplication() {
            return 1;
        }

        @Override
        public long getAccessTime() {
            return 0;
        }
    }

    private static final class Content extends FSDataInputStream {

        private final byte[] bytes;
        private int position;

        Content(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public void seek(long desired) {
            position = (int) desired;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public int read() {
            return position < bytes.length ? bytes[position++] & 0xff : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            int count = Math.min(length, bytes.length - position);
            if (count <= 0) {
                return length == 0 ? 0 : -1;
            }
            System.arraycopy(bytes, position, buffer, offset, count);
            position += count;
            return count;
        }
    }
}
