package io.flowsentinel.source.discovery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;

/**
 * One walk from a root down to its day folders: finds the regions and the days of a range that are there, level by
 * level. Folders outside the range or the filter are not entered.
 *
 * <p>Where no flow log object can be, such as in another service's logs, it only counts strays, and enters no more
 * folders than it is given: in a bucket that others write to, that part can be the larger one by far.
 */
final class FolderWalk {

    private static final int NAMES_SHOWN = 5;

    /** Names that are kept: of so many strays more would only be counted. */
    private static final int STRAYS = 200_000;

    private final Folders folders;
    private final SlotRange range;
    private final ObjectFilter filter;
    private int foreignFoldersLeft;

    private final List<DayFolder> days = new ArrayList<>();
    private final Set<RegionFolder> regions = new LinkedHashSet<>();
    private final List<String> strays = new ArrayList<>();
    private final List<String> notEntered = new ArrayList<>();
    private final List<String> children = new ArrayList<>();

    /** @param foreignFolders how many folders without flow logs are entered to count strays */
    FolderWalk(Folders folders, SlotRange range, ObjectFilter filter, int foreignFolders) {
        this.folders = folders;
        this.range = range;
        this.filter = filter;
        this.foreignFoldersLeft = foreignFolders;
    }

    /** Walks below a root, which is entered whatever it is: the user has named it. */
    void from(Path root) throws IOException {
        Optional<DatedFolder> dated = DatedFolder.ofKey(Keys.of(root));
        if (dated.isPresent() && dated.get().isDayOrHour()) {
            days.add(new DayFolder(dated.get().start(), root));
            return;
        }
        List<Path> level = List.of(root);
        while (!level.isEmpty()) {
            List<Path> next = new ArrayList<>();
            for (List<FileStatus> entries : folders.list(level)) {
                for (FileStatus entry : entries) {
                    if (entry.isDir()) {
                        folder(entry.getPath(), next);
                    } else if (strays.size() < STRAYS) {
                        strays.add(entry.getPath().toString());
                    }
                }
            }
            level = next;
        }
    }

    /** What to name where no object is: the first files, or else the first folders. */
    List<String> seen() {
        return (strays.isEmpty() ? children : strays)
                .stream().limit(NAMES_SHOWN).toList();
    }

    /** The days found, in no order. */
    List<DayFolder> days() {
        return days;
    }

    /** The regions whose layout is known. */
    Set<RegionFolder> regions() {
        return regions;
    }

    /** Files above the days. */
    List<String> strays() {
        return strays;
    }

    /** Folders without flow logs that were not entered. */
    List<String> notEntered() {
        return notEntered;
    }

    private void folder(Path path, List<Path> next) {
        if (children.size() < NAMES_SHOWN) {
            children.add(path.toString());
        }
        String key = Keys.of(path);
        LayoutFolder folder = LayoutFolder.ofKey(key);
        switch (folder.kind()) {
            case PREFIX -> next.add(path);
            case TRUNK, REGION -> {
                if (folder.isWanted(filter)) {
                    next.add(path);
                }
            }
            case DATED -> dated(path, DatedFolder.ofKey(key).orElseThrow(), next);
            case FOREIGN -> foreign(path, next);
        }
    }

    private void dated(Path path, DatedFolder folder, List<Path> next) {
        if (folder.isYear()) {
            regions.add(RegionFolder.ofYear(path));
        }
        if (!folder.mayHold(range)) {
            return;
        }
        if (folder.isDayOrHour()) {
            days.add(new DayFolder(folder.start(), path));
        } else {
            next.add(path);
        }
    }

    private void foreign(Path path, List<Path> next) {
        if (foreignFoldersLeft > 0) {
            foreignFoldersLeft--;
            next.add(path);
        } else {
            notEntered.add(path.toString());
        }
    }
}
