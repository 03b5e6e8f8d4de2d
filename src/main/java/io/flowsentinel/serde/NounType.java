package io.flowsentinel.serde;

import java.io.Serializable;
import java.util.function.Supplier;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * Tells Flink which serializer a noun has.
 *
 * @param <T> the noun
 */
public final class NounType<T> extends TypeInformation<T> {

    private static final long serialVersionUID = 1L;

    /** Makes a fresh serializer; travels with the job. */
    @FunctionalInterface
    public interface SerializerFactory<T> extends Supplier<TypeSerializer<T>>, Serializable {}

    private final Class<T> type;
    private final SerializerFactory<T> factory;

    public NounType(Class<T> type, SerializerFactory<T> factory) {
        this.type = type;
        this.factory = factory;
    }

    @Override
    public TypeSerializer<T> createSerializer(SerializerConfig config) {
        return factory.get();
    }

    @Override
    public Class<T> getTypeClass() {
        return type;
    }

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof NounType;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NounType<?> that && type.equals(that.type);
    }

    @Override
    public int hashCode() {
        return type.hashCode();
    }

    @Override
    public String toString() {
        return type.getSimpleName();
    }
}
