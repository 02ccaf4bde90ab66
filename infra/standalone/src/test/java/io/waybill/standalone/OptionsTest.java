package io.waybill.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OptionsTest {

    private static final Path HOME = Path.of("/home/ada");

    @Test
    void without_arguments_it_keeps_its_data_at_home_and_listens_on_8080() {
        assertThat(parse()).isEqualTo(new Options(HOME.resolve(".waybill"), 8080, false, false, false, false));
    }

    @Test
    void every_option_is_understood_in_either_form() {
        var expected = new Options(Path.of("/srv/waybill"), 9000, true, true, true, false);
        assertThat(parse("--data", "/srv/waybill", "--port", "9000", "--demo", "--stay", "--traces"))
                .isEqualTo(expected);
        assertThat(parse("--traces", "--stay", "--demo", "--port=9000", "--data=/srv/waybill"))
                .isEqualTo(expected);
    }

    @Test
    void a_relative_folder_starts_where_the_command_was_typed() {
        assertThat(parse("--data", "here").data()).isEqualTo(Path.of("here").toAbsolutePath());
    }

    @Test
    void help_is_for_the_asking() {
        assertThat(parse("--help").help()).isTrue();
        assertThat(parse("-h").help()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--port 0",
                "--port 65536",
                "--port x",
                "--port -1",
                "--port",
                "--data",
                "--data --demo",
                "--stay",
                "--what",
                "demo",
                "--port=",
                "--demo=yes",
                "--traces=zipkin"
            })
    void anything_else_is_refused(String line) {
        assertThatThrownBy(() -> parse(line.split(" "))).isInstanceOf(UsageException.class);
    }

    private static Options parse(String... arguments) {
        return Options.parse(List.of(arguments), HOME);
    }
}
