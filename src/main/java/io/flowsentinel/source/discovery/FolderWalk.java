package io.flowsentinel.source.discovery;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;

/**
 * One walk from a root down to the years of its regions. Folders outside the range or the filter are not entered.
 *
 * <p>Where no flow log object can be, such as in another service's logs, it only counts strays, and enters no more
 * folders than it is given: in a bucket that others write to, that part can be the larger one by far.
 */
final class FolderWalk {

    /** Names of strays that are kept: of more, more would only be counted. */
    static final int STRAYS = 200_000;

    private static final int NAMES_SHOWN = 5;

    /** Folders that are listed at a time: what waits stays small, since the deepest go first. */
    private static final int BATCH = 32;

    private final Folders folders;
    private final SlotRange range;
    private final ObjectFilter filter;
    private int foreignFoldersLeft;

    private final Deque<Path> toEnter = new ArrayDeque<>();
    private final List<TimedFolder> found = new ArrayList<>();
    private final Set<RegionFolder> regions = new LinkedHashSet<>();
    private final List<String> strays = new ArrayList<>();
    private final List<String> children = new ArrayList<>();
    private String notEntered = "";
    private int foldersNotEntered;

    /** @param foreignFolders how many folders without flow logs are entered to count strays */
    FolderWalk(Folders folders, SlotRange range, ObjectFilter filter, int foreignFolders) {
        this.folders = folders;
        this.range = range;
        this.filter = filter;
        this.foreignFoldersLeft = foreignFolders;
    }

    /** Walks below a root, which is entered whatever it is: the user has named it. */
    void from(Path root) throws IOException {
        Optional<TimedFolder> dated = TimedFolder.of(root);
        if (dated.isPresent()) {
            found.add(dated.get());
            return;
        }
        enter(root);
    }

    /** Walks below a folder that no flow log object can be in, as far as folders are left. */
    void foreign(Path folder) throws IOException {
        addForeign(folder);
        enterAll();
    }

    /** The years and other dated folders found that may hold the range, in no order. */
    List<TimedFolder> found() {
        return found;
    }

    /** The regions whose layout is known. */
    Set<RegionFolder> regions() {
        return regions;
    }

    /** Files where no object can be. */
    List<String> strays() {
        return strays;
    }

    /** What to name where no object is: the first files, or else the first folders. */
    List<String> seen() {
        return (strays.isEmpty() ? children : strays)
                .stream().limit(NAMES_SHOWN).toList();
    }

    /** How many folders without flow logs were not entered. */
    int foldersNotEntered() {
        return foldersNotEntered;
    }

    /** The first of them. */
    String notEntered() {
        return notEntered;
    }

    private void enter(Path root) throws IOException {
        toEnter.push(root);
        enterAll();
    }

    private void enterAll() throws IOException {
        while (!toEnter.isEmpty()) {
            List<Path> batch = new ArrayList<>();
            while (!toEnter.isEmpty() && batch.size() < BATCH) {
                batch.add(toEnter.pop());
            }
            for (List<FileStatus> entries : folders.list(batch)) {
                entries.forEach(this::entry);
            }
        }
    }

    private void entry(FileStatus entry) {
        if (entry.isDir()) {
            folder(entry.getPath());
        } else if (strays.size() < STRAYS) {
            strays.add(entry.getPath().toString());
        }
    }

    private void folder(Path path) {
        if (children.size() < NAMES_SHOWN) {
            children.add(path.toString());
        }
        LayoutFolder folder = LayoutFolder.ofKey(Keys.of(path));
        switch (folder.kind()) {
            case PREFIX -> toEnter.push(path);
            case TRUNK, REGION -> {
                if (folder.isWanted(filter)) {
                    toEnter.push(path);
                }
            }
            case DATED -> dated(TimedFolder.of(path).orElseThrow());
            case FOREIGN -> addForeign(path);
        }
    }

    private void dated(TimedFolder folder) {
        if (folder.time().isYear()) {
            regions.add(RegionFolder.ofYear(folder.path()));
        }
        if (folder.time().mayHold(range)) {
            found.add(folder);
        }
    }

    private void addForeign(Path path) {
        if (foreignFoldersLeft > 0) {
            foreignFoldersLeft--;
            toEnter.push(path);
        } else {
            notEntered = foldersNotEntered == 0 ? path.toString() : notEntered;
            foldersNotEntered++;
        }
    }
}
