package io.flowsentinel.detect.settings;

import io.flowsentinel.model.IpAddress;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** All lists of addresses in force. Immutable. */
public final class AddressLists implements Serializable {

    /** Nobody warns of anything. */
    public static final AddressLists NONE = new AddressLists(List.of());

    private static final long serialVersionUID = 1L;

    private final ArrayList<AddressList> lists;

    AddressLists(List<AddressList> lists) {
        this.lists = new ArrayList<>(lists);
    }

    /**
     * Where an address is listed.
     *
     * @param list name of the list
     * @param version of the list
     * @param entry the list's smallest one with the address
     */
    public record Listing(String list, String version, String entry) {}

    void write(DataOutputView out) throws IOException {
        out.writeInt(lists.size());
        for (AddressList list : lists) {
            list.write(out);
        }
    }

    /** What {@link #write} wrote. */
    static AddressLists read(DataInputView in) throws IOException {
        List<AddressList> lists = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            lists.add(AddressList.read(in));
        }
        return new AddressLists(lists);
    }

    /** The same where every list's name and content are. */
    public String version() {
        return lists.stream().map(list -> list.name() + "=" + list.version()).collect(Collectors.joining(","));
    }

    /** Whether there is no list at all. */
    public boolean isEmpty() {
        return lists.isEmpty();
    }

    /** On which lists an address is, in the order of the configuration; mostly none. */
    public List<Listing> find(IpAddress address) {
        List<Listing> found = List.of();
        for (AddressList list : lists) {
            Cidr entry = list.find(address);
            if (entry != null) {
                found = found.isEmpty() ? new ArrayList<>() : found;
                found.add(new Listing(list.name(), list.version(), entry.toString()));
            }
        }
        return found;
    }
}
