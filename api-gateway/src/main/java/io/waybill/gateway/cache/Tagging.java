package io.waybill.gateway.cache;

import java.util.Set;

/** Knows what an answer is about, so that events can outdate it. */
interface Tagging {

    /** The tags of the answers to a request; none where no event speaks of them. */
    Set<String> tagsOf(CacheRequest request);
}
