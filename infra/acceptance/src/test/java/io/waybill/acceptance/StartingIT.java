package io.waybill.acceptance;

import static io.waybill.acceptance.Status.CONFIRMED;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Tag("standalone")
@ResourceLock(SharedSystem.LOCK)
class StartingIT {

    @RegisterExtension
    static final Shop SHOP = Shop.at(SharedSystem::standalone);

    @Test
    void a_second_start_on_the_same_data_is_refused_and_harms_nothing() {
        Standalone first = SharedSystem.standalone();
        Standalone second = first.rivalForData("second-start");
        second.launch();
        assertThat(second.exitStatus()).isEqualTo(1);
        assertThat(second.output()).contains("already in use by process " + first.pid());
        SHOP.accepts(Purchase.of(SHOP.sells(5), 1)).becomes(CONFIRMED);
    }

    @Test
    void a_taken_port_is_named() {
        Standalone first = SharedSystem.standalone();
        try (Standalone second = first.rivalForPort("taken-port")) {
            second.launch();
            assertThat(second.exitStatus()).isEqualTo(1);
            assertThat(second.output()).contains("Port " + first.port() + " is taken");
        }
    }
}
