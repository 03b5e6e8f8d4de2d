package io.flowsentinel.source.discovery;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds objects by listing folders through Flink's file systems.
 *
 * <p>A look anew walks from the roots down and so learns which accounts, regions and days there are. One that is not
 * anew knows the names of the day folders in its range from the last walk and from the calendar, and lists those only:
 * what it costs does not depend on how much history there is. Both go through the days in the order of time and end an
 * answer once they have found enough, so that what is found and not yet read is bounded too.
 */
public final class FolderListing implements ObjectDiscovery {

    private static final Logger LOG = LoggerFactory.getLogger(FolderListing.class);

    /** An answer ends with the day in which it reaches so many objects: enough for many readers, some 10 MB. */
    private static final int ENOUGH = 20_000;

    /** Day folders that are listed at a time. */
    private static final int BATCH = 64;

    /** Folders without flow logs that the first walk enters at each root to count strays. */
    private static final int FOREIGN_FOLDERS = 1000;

    private final List<String> roots;
    private final ObjectFilter filter;
    private final boolean waitsForRoots;
    private final Clock clock;
    private final Folders folders = new Folders();
    private final RootBook rootBook = new RootBook();

    /** Single files among the roots: they are not found once more in the folders they are in. */
    private final Set<String> singles = new HashSet<>();

    private final Set<RegionFolder> regions = new LinkedHashSet<>();
    private final NavigableSet<DayFolder> walkedDays = new TreeSet<>();

    /** Whether a walk has given an answer. */
    private boolean walked;

    /** The look under way: when it began, whether it began with a walk, and the days it still has to list. */
    private Instant began = Instant.EPOCH;

    private boolean anew;
    private final NavigableSet<DayFolder> days = new TreeSet<>();

    /** What the next answer holds. */
    private final Map<String, LogObject> objects = new LinkedHashMap<>();

    private final Set<String> strays = new LinkedHashSet<>();

    /**
     * @param roots buckets, folders or single files, as the user has written them; they may overlap
     * @param waitsForRoots whether a root that is not there may come to be
     */
    public FolderListing(List<String> roots, ObjectFilter filter, boolean waitsForRoots, Clock clock) {
        this.roots = List.copyOf(roots);
        this.filter = filter;
        this.waitsForRoots = waitsForRoots;
        this.clock = clock;
    }

    @Override
    public Discovered discover(SlotRange wanted, boolean beginsAnew) throws IOException {
        if (beginsAnew) {
            begin(true);
            walk(wanted);
        } else if (days.isEmpty()) {
            begin(false);
            days.addAll(knownDays(wanted));
        }
        listDays(wanted);
        if (days.isEmpty() && anew) {
            rootBook.complete(isAll(wanted) ? "" : " of what is wanted (source.from, source.to, source.filter)");
        }
        return answer();
    }

    @Override
    public void close() {
        folders.close();
    }

    private void begin(boolean beginsAnew) {
        began = clock.instant();
        anew = beginsAnew;
        days.clear();
        objects.clear();
        strays.clear();
    }

    private Discovered answer() {
        long completeTo = days.isEmpty() ? Discovered.EVERYTHING : days.first().start() - DatedFolder.MARGIN;
        Discovered answer = new Discovered(
                List.copyOf(objects.values()), List.copyOf(strays), folders.callsMade(), began, completeTo);
        objects.clear();
        strays.clear();
        walked |= anew;
        return answer;
    }

    private boolean isAll(SlotRange wanted) {
        return wanted.isUnbounded() && filter.equals(ObjectFilter.NONE);
    }

    private void walk(SlotRange wanted) throws IOException {
        rootBook.begin();
        List<DayFolder> found = new ArrayList<>();
        for (String root : roots) {
            walk(new Path(root), wanted, found);
        }
        walkedDays.clear();
        walkedDays.addAll(found);
        days.addAll(found);
    }

    private void walk(Path text, SlotRange wanted, List<DayFolder> found) throws IOException {
        Path root;
        Optional<FileStatus> file;
        try {
            root = text.makeQualified(text.getFileSystem());
            file = SingleFile.at(root, folders);
        } catch (FileNotFoundException missing) {
            if (!waitsForRoots) {
                throw missing;
            }
            rootBook.missing(text);
            return;
        }
        if (file.isPresent()) {
            singles.add(file.get().getPath().toString());
            add(file.get(), ObjectName.ofFileName(root.getName()), wanted);
            return;
        }
        FolderWalk walk = new FolderWalk(folders, wanted, filter, walked ? 0 : FOREIGN_FOLDERS);
        walk.from(root);
        found.addAll(walk.days());
        regions.addAll(walk.regions());
        strays.addAll(walk.strays());
        rootBook.walked(root, walk.seen());
        if (!walked && !walk.notEntered().isEmpty()) {
            LOG.warn(
                    "strays are not counted in {} folders below {} that cannot hold flow logs, such as {}",
                    walk.notEntered().size(),
                    root,
                    walk.notEntered().get(0));
        }
    }

    /** The days of a range, those that the calendar knows to come included. */
    private NavigableSet<DayFolder> knownDays(SlotRange wanted) {
        long from = wanted.from() - DatedFolder.MARGIN;
        long to = Math.min(wanted.to(), clock.instant().getEpochSecond()) + DatedFolder.MARGIN;
        NavigableSet<DayFolder> known = new TreeSet<>();
        for (RegionFolder region : regions) {
            known.addAll(region.days(from, to));
        }
        for (DayFolder day : walkedDays) {
            if (DatedFolder.ofKey(Keys.of(day.path())).orElseThrow().mayHold(wanted)) {
                known.add(day);
            }
        }
        return known;
    }

    /** Lists days until enough is found. After a failure what was found goes out first, and the failure comes again. */
    private void listDays(SlotRange wanted) throws IOException {
        while (!days.isEmpty() && objects.size() < ENOUGH) {
            List<DayFolder> batch = days.stream()
                    .takeWhile(day -> day.start() == days.first().start())
                    .limit(BATCH)
                    .toList();
            try {
                list(batch, wanted);
            } catch (IOException failed) {
                if (objects.isEmpty()) {
                    throw failed;
                }
                return;
            }
            batch.forEach(days::remove);
        }
    }

    private void list(List<DayFolder> batch, SlotRange wanted) throws IOException {
        List<Path> hours = new ArrayList<>();
        for (List<FileStatus> entries :
                folders.list(batch.stream().map(DayFolder::path).toList())) {
            for (FileStatus entry : entries) {
                if (!entry.isDir()) {
                    file(entry, wanted);
                } else if (isHour(entry.getPath(), wanted)) {
                    hours.add(entry.getPath());
                }
            }
        }
        for (List<FileStatus> entries : folders.list(hours)) {
            entries.stream().filter(entry -> !entry.isDir()).forEach(entry -> file(entry, wanted));
        }
    }

    private static boolean isHour(Path folder, SlotRange wanted) {
        return DatedFolder.ofKey(Keys.of(folder))
                .map(hour -> hour.mayHold(wanted))
                .orElse(false);
    }

    private void file(FileStatus file, SlotRange wanted) {
        Optional<ObjectName> name = ObjectName.ofKey(Keys.of(file.getPath()));
        if (name.isEmpty()) {
            strays.add(file.getPath().toString());
        } else if (filter.wants(name.get()) && !singles.contains(file.getPath().toString())) {
            add(file, name, wanted);
        }
    }

    private void add(FileStatus file, Optional<ObjectName> name, SlotRange wanted) {
        long slot = name.map(ObjectName::slotSeconds).orElse(LogObject.UNKNOWN_SLOT);
        if (!wanted.contains(slot)) {
            return;
        }
        String uri = file.getPath().toString();
        rootBook.found(uri);
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
}
