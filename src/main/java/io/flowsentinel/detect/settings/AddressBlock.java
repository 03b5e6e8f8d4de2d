package io.flowsentinel.detect.settings;

/** An address or a CIDR block as people write them. */
public final class AddressBlock {

    /** What may be written, for messages. */
    public static final String ALLOWED =
            "an address or a CIDR without address bits behind the prefix, such as 198.51.100.0/24";

    private final Cidr block;

    private AddressBlock(Cidr block) {
        this.block = block;
    }

    /**
     * Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32} or a bare address.
     *
     * @throws IllegalArgumentException when the text is neither
     */
    public static AddressBlock parse(String text) {
        return new AddressBlock(Cidr.parse(text));
    }

    /** Whether the text is an address of the block; not where it is none. */
    public boolean contains(String address) {
        try {
            return block.contains(Cidr.parse(address).network());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
