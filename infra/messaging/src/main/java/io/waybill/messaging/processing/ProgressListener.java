package io.waybill.messaging.processing;

import io.waybill.messaging.stream.StreamPosition;
import java.util.Set;

/** Hears what projections of this process have done, on their threads: it must neither wait nor throw. */
@FunctionalInterface
public interface ProgressListener {

    /**
     * A processor has committed what it did, or passed by what does not concern it.
     *
     * @param whole whether the processor has one segment, so that it has handled all up to the place
     * @param place how far it has come
     * @param keys the partition keys of the events on the way; some may not have concerned it
     */
    record Moved(String processor, boolean whole, StreamPosition place, Set<String> keys) {

        public Moved {
            keys = Set.copyOf(keys);
        }
    }

    void moved(Moved moved);
}
