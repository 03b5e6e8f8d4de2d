package io.flowsentinel.source.discovery;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.util.concurrent.ExecutorThreadFactory;

/** Lists folders through Flink's file systems, several at a time, and counts the calls. For one thread that asks. */
final class Folders implements AutoCloseable {

    /** A call to S3 takes some 50 ms, nearly all of it waiting. */
    private static final int AT_A_TIME = 8;

    /** S3 gives so many entries a call (ListObjectsV2, MaxKeys). */
    private static final int ENTRIES_A_CALL = 1000;

    private final ExecutorService pool =
            Executors.newFixedThreadPool(AT_A_TIME, new ExecutorThreadFactory("list-folders"));
    private long calls;

    /** The entries of each folder, in the order of the folders; a folder that is not there has none. */
    List<List<FileStatus>> list(List<Path> folders) throws IOException {
        List<Future<List<FileStatus>>> listings = new ArrayList<>();
        for (Path folder : folders) {
            Callable<List<FileStatus>> listing = () -> entries(folder);
            listings.add(pool.submit(listing));
        }
        List<List<FileStatus>> all = new ArrayList<>();
        try {
            for (Future<List<FileStatus>> listing : listings) {
                List<FileStatus> entries = result(listing);
                calls += Math.max(1, (entries.size() + ENTRIES_A_CALL - 1) / ENTRIES_A_CALL);
                all.add(entries);
            }
            return all;
        } finally {
            listings.forEach(listing -> listing.cancel(true));
        }
    }

    /** How many calls were made since this was last asked. */
    long callsMade() {
        long made = calls;
        calls = 0;
        return made;
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }

    private static List<FileStatus> result(Future<List<FileStatus>> listing) throws IOException {
        try {
            return listing.get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while listing folders");
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException ioFailed) {
                throw ioFailed;
            }
            throw new IOException(failed.getCause());
        }
    }

    private static List<FileStatus> entries(Path folder) throws IOException {
        try {
            FileSystem files = folder.getFileSystem();
            FileStatus[] entries = files.listStatus(folder);
            return entries == null ? none(files, folder) : Arrays.asList(entries);
        } catch (FileNotFoundException missing) {
            return List.of();
        } catch (IOException | RuntimeException failed) {
            // Storage clients throw unchecked exceptions of their own.
            throw new IOException("cannot list " + folder + ": " + failed.getMessage(), failed);
        }
    }

    /** The local file system has no answer for a folder that is not there, and none for one that may not be read. */
    private static List<FileStatus> none(FileSystem files, Path folder) throws IOException {
        if (files.exists(folder)) {
            throw new IOException("access denied");
        }
        return List.of();
    }
}
