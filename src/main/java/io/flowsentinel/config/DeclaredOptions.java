package io.flowsentinel.config;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;

/** Reads the options a class declares as public constants, so that no list of them has to be kept. */
final class DeclaredOptions {

    private DeclaredOptions() {}

    static List<ConfigOption<?>> of(Class<?> declaring) {
        List<ConfigOption<?>> options = new ArrayList<>();
        for (Field field : declaring.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == ConfigOption.class) {
                options.add(read(field));
            }
        }
        return options;
    }

    private static ConfigOption<?> read(Field field) {
        try {
            return (ConfigOption<?>) field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("A public constant cannot be read: " + field, e);
        }
    }
}
