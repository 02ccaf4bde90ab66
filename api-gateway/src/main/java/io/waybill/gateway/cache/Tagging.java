package io.waybill.gateway.cache;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Knows what an answer is about, so that events can outdate it. */
interface Tagging {

    /** Whether the answers to a request are worth keeping, and not one of ever more that anybody could ask for. */
    boolean isWorthKeeping(CacheRequest request);

    /** The tags of the answers to a request; none where no event speaks of them. */
    Set<String> tagsOf(CacheRequest request);

    /** The tags of the part that lasts longer than the rest of an answer; none where there is no such part. */
    Set<String> lastingTagsOf(CacheRequest request);

    /** An answer with nothing but the part that lasts; null where it is not as expected. */
    @Nullable
    StoredAnswer lastingPartOf(StoredAnswer answer);
}
