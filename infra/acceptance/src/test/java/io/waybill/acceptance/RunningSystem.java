package io.waybill.acceptance;

import java.net.URI;
import java.util.Optional;

/** A Waybill that runs. Its addresses may change when it is started again, so they are never kept. */
interface RunningSystem {

    /** The lock of stories with a system of their own: two of them at a time would be too much for a small machine. */
    String OF_ITS_OWN = "a system of its own";

    URI gateway();

    /** The gateway where accounts are opened; another one may be asked with what it gives out. */
    default URI accounts() {
        return gateway();
    }

    /** The password of {@code operator@waybill.local}. */
    String operatorPassword();

    /** Where a context itself listens, for what the gateway does not route; nothing where that is not known. */
    Optional<URI> context(String name);

    /** The mails that it keeps as files; nothing where its files cannot be reached. */
    Optional<Mails> mails();
}
