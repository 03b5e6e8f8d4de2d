package io.flowsentinel.local;

import io.flowsentinel.config.InvalidConfig;
import io.flowsentinel.config.JobConfig;
import io.flowsentinel.config.JobOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;

/** The same range twice, under the present rules and under others, and how the findings differ. */
final class WhatIf {

    private static final String PRESENT = "present-rules";
    private static final String OTHER = "other-rules";

    private final LocalPlan present;
    private final LocalPlan other;
    private final ReplayOptions options;
    private final DiffJson names;

    private WhatIf(LocalPlan present, LocalPlan other, ReplayOptions options, DiffJson names) {
        this.present = present;
        this.other = other;
        this.options = options;
        this.names = names;
    }

    /**
     * Checks everything, and starts nothing.
     *
     * @param folder of both runs
     * @throws InvalidConfig for the first option or setting that cannot be used
     */
    static WhatIf of(Configuration settings, ReplayOptions options, Path folder)
            throws IOException, InterruptedException {
        String rules = options.whatIf().orElseThrow();
        Configuration others = new Configuration(settings);
        others.set(JobOptions.RULES_FILE, rules);
        DiffJson names = new DiffJson(
                "rules " + settings.getOptional(JobOptions.RULES_FILE).orElse("of the catalogue"), "rules " + rules);
        return new WhatIf(
                plan(settings, options, folder.resolve(PRESENT)),
                plan(others, options, folder.resolve(OTHER)),
                options,
                names);
    }

    void run(Console console) throws Exception {
        LocalSession.Done done = run(present, names.before(), console);
        run(other, names.after(), console);
        JobConfig config = present.config("");
        new Comparison(feeds(present), feeds(other), names, Optional.empty())
                .show(Replay.range(config, done), console, options.json());
    }

    private LocalSession.Done run(LocalPlan plan, String name, Console console) throws Exception {
        if (!options.quiet()) {
            console.line("Replay   with " + name);
        }
        return new LocalSession(
                        plan, console, new Manner(options.quiet(), true, options.output() == null, Optional.empty()))
                .run();
    }

    private static LocalPlan plan(Configuration settings, ReplayOptions options, Path folder)
            throws IOException, InterruptedException {
        Configuration own = new Configuration(settings);
        own.set(JobOptions.OUTPUT_DIR, folder.toString());
        return LocalPlan.of(own, options.overwrite());
    }

    private static Feeds feeds(LocalPlan plan) {
        return new FolderFeeds(plan.output().orElseThrow().folder());
    }
}
