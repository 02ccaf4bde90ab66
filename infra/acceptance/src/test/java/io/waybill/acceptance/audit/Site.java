package io.waybill.acceptance.audit;

import java.net.URI;
import java.util.List;

/**
 * Where a system is audited.
 *
 * @param operatorPassword the password of {@code operator@waybill.local}
 * @param payment the payment context itself, whose sandbox shows its books; the gateway does not route there
 * @param shipping the shipping context itself
 * @param meters management addresses of all contexts, whose meters count the commands that are carried out; none where
 *     they cannot be reached
 */
public record Site(URI gateway, String operatorPassword, URI payment, URI shipping, List<URI> meters) {}
