package io.flowsentinel.source.discovery;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
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
 * <p>A look anew walks from the roots down and so learns which accounts and regions there are. One that is not anew
 * names the day folders in its range by the calendar and lists those only: what it costs does not depend on how much
 * history there is. Both go through years, months, days and hours in the order of time, opening a year or month only
 * when its turn comes, and end an answer once they have found enough: so neither what is to be listed nor what is found
 * and not yet read grows with the range.
 */
public final class FolderListing implements ObjectDiscovery {

    private static final Logger LOG = LoggerFactory.getLogger(FolderListing.class);

    /** An answer ends with the folders in which it reaches so many objects: enough for many readers, some 10 MB. */
    private static final int ENOUGH = 20_000;

    /** An answer ends after so many folders even without objects, so that a failure costs little again. */
    private static final int MOST_FOLDERS = 2_000;

    /** Folders that are listed at a time; each may hold very many objects. */
    private static final int BATCH = 16;

    /** Folders without flow logs that the first look enters at each root to count strays. */
    private static final int FOREIGN_FOLDERS = 1000;

    private static final SlotRange ALL = SlotRange.between(null, null);

    private final List<String> roots;
    private final ObjectFilter filter;
    private final boolean waitsForRoots;
    private final Clock clock;
    private final Folders folders = new Folders();
    private final RootBook rootBook = new RootBook();

    /** Single files among the roots: they are neither found once more in their folders nor strays there. */
    private final Set<String> singles = new HashSet<>();

    private final Set<RegionFolder> regions = new LinkedHashSet<>();

    /** Roots at a year or below it, which the calendar does not know. */
    private final Set<TimedFolder> datedRoots = new LinkedHashSet<>();

    /** The look under way: when it began, whether its walk is done and unanswered, and what it still has to list. */
    private Instant began = Instant.EPOCH;

    private boolean underWay;
    private boolean walked;
    private final NavigableSet<TimedFolder> toList = new TreeSet<>();

    /** Whether the first look is over: strays are counted in it, where that costs much. */
    private boolean firstIsOver;

    /** Folders among the days of the first look that are none: strays are to be counted in them. */
    private final Deque<Path> foreign = new ArrayDeque<>();

    private int foreignFoldersLeft = FOREIGN_FOLDERS;

    /** What the next answer holds. */
    private final Map<String, LogObject> objects = new LinkedHashMap<>();

    private final Set<String> strays = new LinkedHashSet<>();

    /**
     * Prepares listings.
     *
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
    public Discovered discover(SlotRange wanted, boolean anew) throws IOException {
        if (anew && !walked) {
            begin();
            walk(wanted);
            walked = true;
        } else if (!anew && !underWay) {
            begin();
            addKnown(wanted);
        }
        list(wanted);
        countForeign();
        walked = false;
        underWay = !toList.isEmpty();
        if (!underWay && !firstIsOver) {
            rootBook.complete(wanted.isUnbounded() && filter.equals(ObjectFilter.NONE));
            firstIsOver = true;
        }
        return answer();
    }

    @Override
    public void close() {
        folders.close();
    }

    private void begin() {
        began = clock.instant();
        underWay = true;
        toList.clear();
        objects.clear();
        strays.clear();
    }

    private Discovered answer() {
        long completeTo =
                toList.isEmpty() ? Discovered.EVERYTHING : toList.first().time().start() - DatedFolder.MARGIN;
        Discovered answer = new Discovered(
                List.copyOf(objects.values()), List.copyOf(strays), folders.callsMade(), began, completeTo);
        objects.clear();
        strays.clear();
        return answer;
    }

    private void walk(SlotRange wanted) throws IOException {
        datedRoots.clear();
        for (String root : roots) {
            walk(new Path(root), wanted);
        }
        strays.removeAll(singles);
    }

    private void walk(Path text, SlotRange wanted) throws IOException {
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
        TimedFolder.of(root).ifPresent(datedRoots::add);
        FolderWalk walk = new FolderWalk(folders, wanted, filter, firstIsOver ? 0 : FOREIGN_FOLDERS);
        walk.from(root);
        toList.addAll(walk.found());
        regions.addAll(walk.regions());
        strays.addAll(walk.strays());
        rootBook.walked(root, walk.seen());
        if (!firstIsOver && walk.foldersNotEntered() > 0) {
            LOG.warn(
                    "strays are not counted in {} folders below {} that cannot hold flow logs, such as {}",
                    walk.foldersNotEntered(),
                    root,
                    walk.notEntered());
        }
    }

    /** The days of a range that the calendar names, whether they are there or not. */
    private void addKnown(SlotRange wanted) {
        // Only a look anew is without a beginning.
        long from = Math.subtractExact(wanted.from(), DatedFolder.MARGIN);
        long to = Math.min(wanted.to(), clock.instant().getEpochSecond()) + DatedFolder.MARGIN;
        for (RegionFolder region : regions) {
            toList.addAll(region.days(from, to));
        }
        datedRoots.stream().filter(root -> root.time().mayHold(wanted)).forEach(toList::add);
    }

    /** Lists folders in the order of time until enough is found. What is found before a failure goes out after it. */
    private void list(SlotRange wanted) throws IOException {
        int listed = 0;
        while (!toList.isEmpty() && objects.size() < ENOUGH && listed < MOST_FOLDERS) {
            DatedFolder time = toList.first().time();
            List<TimedFolder> batch = toList.stream()
                    .takeWhile(folder -> folder.time().equals(time))
                    .limit(BATCH)
                    .toList();
            List<List<FileStatus>> listings =
                    folders.list(batch.stream().map(TimedFolder::path).toList());
            batch.forEach(toList::remove);
            for (List<FileStatus> entries : listings) {
                for (FileStatus entry : entries) {
                    entry(entry, wanted);
                }
            }
            listed += batch.size();
        }
    }

    private void entry(FileStatus entry, SlotRange wanted) {
        if (!entry.isDir()) {
            file(entry, wanted);
            return;
        }
        Optional<TimedFolder> dated = TimedFolder.of(entry.getPath());
        if (dated.isEmpty()) {
            foreign(entry.getPath());
        } else if (dated.get().time().mayHold(wanted)) {
            toList.add(dated.get());
        }
    }

    /** A folder among years, months, days or hours that is none of them: no object can be in it. */
    private void foreign(Path folder) {
        if (!firstIsOver && foreignFoldersLeft > 0) {
            foreignFoldersLeft--;
            foreign.add(folder);
        }
    }

    private void countForeign() throws IOException {
        while (!foreign.isEmpty()) {
            FolderWalk walk = new FolderWalk(folders, ALL, ObjectFilter.NONE, FOREIGN_FOLDERS);
            walk.foreign(foreign.peek());
            strays.addAll(walk.strays());
            foreign.remove();
        }
    }

    private void file(FileStatus file, SlotRange wanted) {
        String uri = file.getPath().toString();
        Optional<ObjectName> name = ObjectName.ofKey(Keys.of(file.getPath()));
        if (singles.contains(uri)) {
            return;
        }
        if (name.isPresent()) {
            if (filter.wants(name.get())) {
                add(file, name, wanted);
            }
        } else if (strays.size() < FolderWalk.STRAYS) {
            strays.add(uri);
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
