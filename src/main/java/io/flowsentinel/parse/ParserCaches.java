package io.flowsentinel.parse;

import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.Observer;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What the parsers of one reader share: the observers, annotations and addresses they met lately, so that a record
 * costs no text. All bounded. One thread; one run, for the scope is part of an observer.
 */
public final class ParserCaches {

    /** For the interfaces of a large estate; a table of 256 KiB for each reader. */
    private static final int OBSERVER_PLACES = 64 * 1024;

    private static final int ANNOTATION_PLACES = 1024;

    private final TokenCache<Observer> observers;
    private final TokenCache<Annotations> annotations = new TokenCache<>(ANNOTATION_PLACES, AnnotationsMaker::make);
    private final AddressCache addresses = new AddressCache();
    private final Consumer<String> warnings;
    private final LongRecords longRecords;
    private final MissingFlags missingFlags;
    private final BiConsumer<String, Set<String>> formats;
    private final Set<Set<String>> formatsSeen = new HashSet<>();
    private FlowLogFormat lastFormat;
    private boolean quarantineWarned;

    /**
     * @param scope as in the {@link ParserSettings} of every parser that uses these
     * @param warnings takes a warning to log, of each kind at most one in the life of the process: records longer than
     *     {@code time.aggregation-interval} allows, TCP records of a format without flags; and of the first quarantined line of
     *     a reader
     * @param formats is told once of each set of fields that usable records had, with the object of the first of them
     */
    public ParserCaches(Scope scope, Consumer<String> warnings, BiConsumer<String, Set<String>> formats) {
        this(scope, warnings, formats, LongRecords.OF_THIS_PROCESS, MissingFlags.OF_THIS_PROCESS);
    }

    ParserCaches(Scope scope, Consumer<String> warnings, LongRecords longRecords, MissingFlags missingFlags) {
        this(scope, warnings, (object, fields) -> {}, longRecords, missingFlags);
    }

    private ParserCaches(
            Scope scope,
            Consumer<String> warnings,
            BiConsumer<String, Set<String>> formats,
            LongRecords longRecords,
            MissingFlags missingFlags) {
        this.formats = formats;
        this.observers = new TokenCache<>(OBSERVER_PLACES, new ObserverMaker(scope)::make);
        this.warnings = warnings;
        this.longRecords = longRecords;
        this.missingFlags = missingFlags;
    }

    /** The interface that logged a line. */
    Observer observer(Tokens tokens, FlowLogFormat format) {
        return observers.get(tokens, format, format.observerColumns());
    }

    /** The annotations of a line; null where its traffic path is no number. */
    Annotations annotations(Tokens tokens, FlowLogFormat format) {
        ColumnGroup columns = format.annotationColumns();
        return columns.isEmpty() ? Annotations.NONE : annotations.get(tokens, format, columns);
    }

    /** Warns of the first line that one reader cannot understand: a feed full of them is easily overlooked. */
    void quarantined(String object, long lineNumber, String reason) {
        if (!quarantineWarned) {
            quarantineWarned = true;
            warnings.accept(object + " line " + lineNumber + ": " + reason
                    + ". Lines like it go to the quarantine feed and are counted, not logged");
        }
    }

    AddressCache addresses() {
        return addresses;
    }

    /** Warns of what a usable record shows of a flow log or a configuration that will disappoint. */
    void check(FlowRecord flow, FlowLogFormat format, long aggregationSeconds) {
        longRecords.check(flow, aggregationSeconds, warnings);
        missingFlags.check(flow, format, warnings);
        if (format != lastFormat) {
            lastFormat = format;
            seen(flow.ref().object(), format.fields());
        }
    }

    private void seen(String object, Set<String> fields) {
        if (formatsSeen.add(fields)) {
            formats.accept(object, fields);
        }
    }
}
