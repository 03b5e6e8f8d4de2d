package io.flowsentinel.source.lines;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import javax.annotation.Nullable;

/**
 * The text of an object on its way from the thread that reads it ahead to the one that decodes it, in a bounded number of
 * blocks that are handed over and handed back. The reading thread calls {@link #room}, {@link #arrived} and {@link #ended};
 * the decoding thread calls the rest.
 */
final class ArrivedText implements TextBytes {

    /** A block of all but small objects: text of a thousand lines or so, about as much as makes a batch. */
    static final int BLOCK_BYTES = 128 * 1024;

    /** How many blocks there are, with the one being filled and the one being decoded. */
    static final int BLOCKS = 4;

    /** A piece of the text, or what comes after the last one. */
    private static final class Block {

        private final byte[] text;
        private final int length;

        /** How many bytes of the object, as it is stored, have been consumed up to the end of this piece. */
        private final long storedBytes;

        /** Why there is no more text; null at the end of the object. */
        @Nullable
        private final IOException fault;

        private Block(byte[] text, int length, long storedBytes, @Nullable IOException fault) {
            this.text = text;
            this.length = length;
            this.storedBytes = storedBytes;
            this.fault = fault;
        }
    }

    private static final byte[] NO_TEXT = {};
    private static final int LEAST_BUFFER_BYTES = 16 * 1024;

    /** More than gzip makes of flow logs: the text of a small object fits one block. */
    private static final int TEXT_PER_STORED_BYTE = 16;

    private final int blockBytes;

    private final Semaphore room = new Semaphore(BLOCKS);
    private final Queue<byte[]> handedBack = new ConcurrentLinkedQueue<>();
    private final Queue<Block> arrived = new ConcurrentLinkedQueue<>();

    /** What is being decoded, and from where on. */
    private Block block = new Block(NO_TEXT, 0, 0, null);

    private int position;

    /** @param storedSize how many bytes the object has, as it is stored */
    ArrivedText(long storedSize) {
        this.blockBytes = bufferBytes(storedSize, BLOCK_BYTES);
    }

    /** The length of a buffer that holds the text of a small object, or of another so much of it at most. */
    static int bufferBytes(long storedSize, int most) {
        return (int)
                Math.max(LEAST_BUFFER_BYTES, TEXT_PER_STORED_BYTE * Math.min(storedSize, most / TEXT_PER_STORED_BYTE));
    }

    /** Waits until not too much is ahead of the decoding; a block to fill. */
    byte[] room() throws InterruptedException {
        room.acquire();
        byte[] used = handedBack.poll();
        return used == null ? new byte[blockBytes] : used;
    }

    /** Hands over a block with so much text in it. */
    void arrived(byte[] text, int length, long storedBytes) {
        arrived.add(new Block(text, length, storedBytes, null));
    }

    /** Tells that no more text comes, and the fault there was, if any. */
    void ended(long storedBytes, @Nullable IOException fault) {
        arrived.add(new Block(NO_TEXT, 0, storedBytes, fault));
    }

    @Override
    public boolean ready() {
        return position < block.length || !arrived.isEmpty();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (position == block.length && !next()) {
            return end();
        }
        int count = Math.min(length, block.length - position);
        System.arraycopy(block.text, position, into, offset, count);
        position += count;
        return count;
    }

    /** How many stored bytes have been consumed for the text read so far. */
    long storedBytes() {
        return block.storedBytes;
    }

    /** False where no block with text follows: what comes after the last one stays. */
    private boolean next() {
        Block next = arrived.peek();
        if (next == null) {
            throw new IllegalStateException("read before anything had arrived");
        }
        if (block.text != NO_TEXT) {
            handedBack.add(block.text);
            room.release();
        }
        block = next;
        position = 0;
        if (next.text == NO_TEXT) {
            return false;
        }
        arrived.remove();
        return true;
    }

    private int end() throws IOException {
        if (block.fault != null) {
            throw block.fault;
        }
        return -1;
    }
}
