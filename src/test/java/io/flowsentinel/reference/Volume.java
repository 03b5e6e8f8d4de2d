package io.flowsentinel.reference;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What one side sent, each packet counted once. */
record Volume(long packets, long bytes) {

    private static final Volume NOTHING = new Volume(0, 0);

    /** ACCEPT and REJECT of an interface are added, then one interface counts. */
    static Volume of(List<Sight> sights, boolean fromOriginator) {
        Collection<List<Sight>> byInterface = sights.stream()
                .filter(one -> one.fromOriginator() == fromOriginator)
                .collect(Collectors.groupingBy(Sight::interfaceId, TreeMap::new, Collectors.toList()))
                .values();
        return byInterface.stream()
                .min(Comparator.comparing((List<Sight> one) -> !one.get(0).own())
                        .thenComparing(one -> -sum(one).packets()))
                .map(Volume::sum)
                .orElse(NOTHING);
    }

    private static Volume sum(List<Sight> sights) {
        return new Volume(
                sights.stream().mapToLong(Sight::packets).sum(),
                sights.stream().mapToLong(Sight::bytes).sum());
    }
}
