package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Observer;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What the packed keys of one bucket refer to by number.
 *
 * @param observers interfaces
 * @param texts scopes, object URIs, and the rare annotations
 */
record Names(Numbered<Observer> observers, Numbered<String> texts) {

    Names() {
        this(new Numbered<>(), new Numbered<>());
    }

    /** A copy to be changed. */
    Names changeable(Shared<Observer> sharedObservers, Shared<String> sharedTexts) {
        return new Names(observers.changeable(sharedObservers), texts.changeable(sharedTexts));
    }

    /** What is to be stored. These are not to be changed any more. */
    Names stored() {
        return new Names(observers.stored(), texts.stored());
    }

    /** Writes a reference to an interface. */
    void refer(Observer observer, DataOutputView out) throws IOException {
        Wire.writeVarLong(observers.refer(observer), out);
    }

    /** Reads a reference to an interface, and gives it back. */
    Observer releaseObserver(DataInputView in) throws IOException {
        return observers.release((int) Wire.readVarLong(in));
    }

    /** Writes a reference to a text that may be null. */
    void refer(String text, DataOutputView out) throws IOException {
        Wire.writeVarLong(text == null ? 0 : texts.refer(text) + 1L, out);
    }

    /** Reads a reference to a text that may be null. */
    String readText(DataInputView in) throws IOException {
        int number = (int) Wire.readVarLong(in) - 1;
        return number < 0 ? null : texts.get(number);
    }

    /** Reads a reference to a text that may be null, and gives it back. */
    String releaseText(DataInputView in) throws IOException {
        int number = (int) Wire.readVarLong(in) - 1;
        return number < 0 ? null : texts.release(number);
    }
}
