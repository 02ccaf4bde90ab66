package io.waybill.gateway.cache;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Where answers are kept. Nothing here fails or waits for long: without its server it has nothing and keeps nothing.
 */
interface AnswerStore {

    /**
     * What is stored for a target.
     *
     * @param generation changes with every invalidation of the target
     * @param outdatedBelow the newest event that outdated any of the tags; null where none is known
     * @param available whether the store could be asked
     */
    record Found(
            List<StoredAnswer> variants,
            String generation,
            @Nullable Position outdatedBelow,
            boolean available) {

        static final Found UNAVAILABLE = new Found(List.of(), "", null, false);

        public Found {
            variants = List.copyOf(variants);
        }

        /** Whether an event has happened that the answer does not know of. */
        boolean isOutdated(StoredAnswer answer) {
            var position = answer.position();
            return outdatedBelow != null && (position == null || position.isBefore(outdatedBelow));
        }
    }

    /** What became of an answer that was to be stored. */
    enum Outcome {
        STORED,
        /** An event happened that the answer does not know of. */
        OUTDATED,
        /** The target was invalidated after the request for the answer was sent. */
        OUTRUN,
        FAILED
    }

    Mono<Found> find(String target, Set<String> tags);

    /**
     * Stores an answer, unless something has happened that it does not know of.
     *
     * @param generation as it was found before the request for the answer was sent
     */
    Mono<Outcome> store(String target, Set<String> tags, String generation, StoredAnswer answer, Duration kept);

    /** Forgets all answers for the targets, and refuses those that are on their way. */
    Mono<Void> invalidate(Set<String> targets);

    /**
     * Notes that an event outdated whatever carries one of the tags and was made before it.
     *
     * @return an error where it could not be noted
     */
    Mono<Void> outdate(Set<String> tags, Position event);

    /** Asks for the right to be the only instance that fetches a target; true where the store cannot be asked. */
    Mono<Boolean> lock(String target, String owner, Duration longest);

    Mono<Void> unlock(String target, String owner);
}
