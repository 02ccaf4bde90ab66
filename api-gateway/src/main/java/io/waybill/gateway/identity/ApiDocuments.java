package io.waybill.gateway.identity;

import io.waybill.security.ApiDocument;
import java.util.List;

/**
 * What the whole API says about itself.
 *
 * @param all the gateway's own document first
 */
public record ApiDocuments(List<ApiDocument> all) {

    public ApiDocuments {
        all = List.copyOf(all);
    }
}
