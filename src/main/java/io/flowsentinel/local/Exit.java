package io.flowsentinel.local;

import io.flowsentinel.config.InvalidConfig;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Takes a command to its exit code, and says in one line why it is not 0. */
final class Exit {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int INVALID = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Exit.class);

    private Exit() {}

    /**
     * What a command does once everything is checked.
     *
     * @param <P> what the checks have made
     */
    @FunctionalInterface
    interface Work<P> {
        void with(P plan) throws Exception;
    }

    /** Checks, and does the work if nothing is wrong: only the checks can refuse. */
    static <P> int of(Console console, Callable<P> check, Work<P> work) {
        P plan;
        try {
            plan = check.call();
        } catch (InvalidConfig e) {
            console.error(oneLine(e.getMessage()));
            return INVALID;
        } catch (Exception e) {
            return failed(console, e);
        }
        try {
            work.with(plan);
            return DONE;
        } catch (Exception e) {
            return failed(console, e);
        }
    }

    /** What picocli has against an option, with what is allowed where it does not say. */
    static int refused(Console console, ParameterException refused) {
        String message = oneLine(refused.getMessage());
        if (refused instanceof UnmatchedArgumentException) {
            message += "; expected "
                    + refused.getCommandLine().getCommandSpec().options().stream()
                            .map(option -> option.longestName())
                            .sorted()
                            .collect(Collectors.joining(", "));
        }
        console.error(message);
        return INVALID;
    }

    private static int failed(Console console, Exception failure) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        // On standard error the reason is enough; the log file of the script has the whole of it.
        LOG.info("The job failed", failure);
        console.error("The job failed: " + Failure.reason(failure));
        return FAILED;
    }

    private static String oneLine(String message) {
        return message.replaceAll("\\s*\\R\\s*", " ").strip();
    }
}
