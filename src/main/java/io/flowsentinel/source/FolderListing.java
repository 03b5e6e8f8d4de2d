package io.flowsentinel.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds objects by listing the folders below the roots, one call a folder, through Flink's file systems. Year, month,
 * day and hour folders outside the range are not entered.
 */
final class FolderListing implements ObjectDiscovery {

    private static final Logger LOG = LoggerFactory.getLogger(FolderListing.class);

    /** How many names of what was seen instead a warning shows. */
    private static final int NAMES_SHOWN = 5;

    private final List<String> roots;
    private final Clock clock;

    /** Roots that were warned about: once is loud enough where looks repeat. */
    private final Set<String> warned = new HashSet<>();

    /** @param roots buckets, folders or single files, as the user has written them */
    FolderListing(List<String> roots, Clock clock) {
        this.roots = List.copyOf(roots);
        this.clock = clock;
    }

    @Override
    public Discovered discover(SlotRange range) throws IOException {
        Instant asOf = clock.instant();
        Look look = new Look(range);
        for (String root : roots) {
            look.root(root);
        }
        return new Discovered(
                new ArrayList<>(look.objects.values()), new ArrayList<>(look.strays), look.listCalls, asOf);
    }

    /** One look at all roots. Roots may overlap: what is found twice counts once. */
    private final class Look {

        private final SlotRange range;
        private final Map<String, LogObject> objects = new LinkedHashMap<>();
        private final Set<String> strays = new LinkedHashSet<>();
        private long listCalls;

        Look(SlotRange range) {
            this.range = range;
        }

        void root(String root) throws IOException {
            Path path = new Path(root);
            try {
                FileSystem files = path.getFileSystem();
                Path qualified = path.makeQualified(files);
                FileStatus file = singleFile(files, qualified);
                if (file == null) {
                    folder(files, qualified);
                } else {
                    single(file);
                }
            } catch (FileNotFoundException missing) {
                throw missing;
            } catch (IOException | RuntimeException failed) {
                throw new IOException("cannot list " + root + ": " + failed.getMessage(), failed);
            }
        }

        /**
         * The root as a file, null if it is a folder. S3 answers for a zero-byte object as for a missing folder, and
         * has no answer for a whole bucket, hence the looks at the parent and at the path's depth.
         */
        private FileStatus singleFile(FileSystem files, Path root) throws IOException {
            if (key(root).isEmpty()) {
                return null;
            }
            try {
                FileStatus status = files.getFileStatus(root);
                return status.isDir() ? null : status;
            } catch (FileNotFoundException missing) {
                for (FileStatus sibling : list(files, root.getParent())) {
                    if (!sibling.isDir() && sibling.getPath().getName().equals(root.getName())) {
                        return sibling;
                    }
                }
                throw (FileNotFoundException)
                        new FileNotFoundException("source.uri " + root + ": there is no such file or folder")
                                .initCause(missing);
            }
        }

        private void single(FileStatus file) {
            add(file, ObjectName.ofFileName(file.getPath().getName()));
        }

        private void folder(FileSystem files, Path root) throws IOException {
            int before = objects.size();
            List<String> seen = new ArrayList<>();
            Deque<Path> folders = new ArrayDeque<>(List.of(root));
            while (!folders.isEmpty()) {
                Path folder = folders.pop();
                for (FileStatus entry : list(files, folder)) {
                    if (seen.size() < NAMES_SHOWN) {
                        seen.add(entry.getPath().toString());
                    }
                    if (entry.isDir()) {
                        enter(entry.getPath(), folders);
                    } else {
                        file(entry);
                    }
                }
            }
            if (objects.size() == before && warned.add(root.toString())) {
                LOG.warn(
                        "source.uri {} holds no flow log object{}; seen instead: {}",
                        root,
                        inRange(),
                        seen.isEmpty() ? "nothing" : seen);
            }
        }

        private String inRange() {
            return range.from() == Long.MIN_VALUE && range.to() == Long.MAX_VALUE ? "" : " of the range asked for";
        }

        private void enter(Path folder, Deque<Path> folders) {
            Optional<DatedFolder> dated = DatedFolder.ofKey(key(folder));
            if (dated.isEmpty() || dated.get().mayHold(range)) {
                folders.push(folder);
            }
        }

        private void file(FileStatus file) {
            Optional<ObjectName> name = ObjectName.ofKey(key(file.getPath()));
            if (name.isPresent()) {
                add(file, name);
            } else {
                strays.add(file.getPath().toString());
            }
        }

        private void add(FileStatus file, Optional<ObjectName> name) {
            long slot = name.map(ObjectName::slotSeconds).orElse(LogObject.UNKNOWN_SLOT);
            if (!range.contains(slot)) {
                return;
            }
            String uri = file.getPath().toString();
            objects.put(
                    uri,
                    new LogObject(
                            uri,
                            file.getLen(),
                            Long.toString(file.getModificationTime()),
                            slot,
                            name.map(ObjectName::account).orElse(""),
                            name.map(ObjectName::region).orElse(""),
                            name.map(ObjectName::flowLogId).orElse("")));
        }

        private FileStatus[] list(FileSystem files, Path folder) throws IOException {
            listCalls++;
            FileStatus[] entries = files.listStatus(folder);
            return entries == null ? new FileStatus[0] : entries;
        }

        private String key(Path path) {
            String key = path.toUri().getPath();
            int from = key.startsWith("/") ? 1 : 0;
            int to = key.endsWith("/") && key.length() > from ? key.length() - 1 : key.length();
            return key.substring(from, to);
        }
    }
}
