package io.flowsentinel.size;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Adds up files in folders in which others delete: one that is gone by then counts nothing. */
final class FileSizes extends SimpleFileVisitor<Path> {

    private final String ending;
    private long bytes;

    private FileSizes(String ending) {
        this.ending = ending;
    }

    /**
     * The bytes of files in a folder at any depth.
     *
     * @param folder need not exist
     * @param ending of the names of those that count
     */
    static long in(Path folder, String ending) throws IOException {
        FileSizes sizes = new FileSizes(ending);
        Files.walkFileTree(folder, sizes);
        return sizes.bytes;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (file.toString().endsWith(ending)) {
            bytes += attributes.size();
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
        if (failure == null || failure instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }
}
