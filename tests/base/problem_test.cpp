#include "ocop/base/problem.hpp"

#include <doctest/doctest.h>

#include <string>

#include "ocop/base/level.hpp"
#include "ocop/base/status.hpp"

using ocop::language;
using ocop::problem;
using ocop::problem_code;

TEST_CASE("a problem is one line: grade, number, place, sentence") {
    problem p;
    p.code = problem_code::unanswered;
    p.where.file = "d.json";
    p.where.pointer = "/sheets/m1/A1.1";
    p.message = {"thiếu", "missing"};
    CHECK(to_line(p, language::vi) == "E306 d.json:/sheets/m1/A1.1: thiếu");
    CHECK(to_line(p, language::en) == "E306 d.json:/sheets/m1/A1.1: missing");
    p.where.pointer.clear();
    p.where.row = 3;
    p.where.column = 14;
    p.grade = ocop::severity::warning;
    CHECK(to_line(p, language::en) == "W306 d.json:3:14: missing");
}

TEST_CASE("the exception holds every problem") {
    problem one;
    one.code = problem_code::missing_key;
    one.message = {"một", "one"};
    problem two = one;
    two.message = {"hai", "two"};
    const ocop::error e(ocop::problems{one, two});
    CHECK(e.list().size() == 2);
    CHECK(std::string(e.what()) == "E107 /: one\nE107 /: two");
}

TEST_CASE("only errors stop the work") {
    problem told;
    told.grade = ocop::severity::warning;
    CHECK_FALSE(ocop::has_errors({told}));
    CHECK(ocop::has_errors({told, problem{}}));
}

TEST_CASE("pointer steps are escaped") {
    CHECK(ocop::pointer_step("a/b~c") == "/a~1b~0c");
    CHECK(ocop::pointer_step("") == "/");
}

TEST_CASE("values in messages stay one line and valid UTF-8") {
    CHECK(ocop::detail::shown("a\nb\x7f") == "a?b?");
    const std::string long_word(70, 'x');
    CHECK(ocop::detail::shown(long_word) == std::string(60, 'x') + "...");
    std::string accents;
    for (int i = 0; i < 40; ++i) accents += "ế";  // three bytes each; 60 is a boundary, 59 is not
    CHECK(ocop::detail::shown("x" + accents).size() == 1 + 57 + 3);
}

TEST_CASE("names and terms of enumerators") {
    CHECK(ocop::name_of(ocop::council_level::centre) == "centre");
    CHECK(ocop::from_name<ocop::council_level>("district") == ocop::council_level::district);
    CHECK_FALSE(ocop::from_name<ocop::council_level>("commune"));
    CHECK(ocop::label_of(ocop::council_level::province).vi == "cấp tỉnh");
    CHECK(ocop::list_of_names<ocop::status>() == "verified, secondary, inferred, conflict");
}

TEST_CASE("nothing of an input steers a terminal") {
    CHECK(ocop::detail::printable("a\x1b[31mb\xC2\x9B") == "a?[31mb?");
    CHECK(ocop::detail::printable("a\xE2\x80\xAEz\xE2\x81\xA6") == "a?z?");
    CHECK(ocop::detail::printable("tiếng Việt ✓ …") == "tiếng Việt ✓ …");
    CHECK(ocop::detail::told("{0} và {1}", "{1} {0} {2}", {"x\n", "{0}"}).en == "{0} x? {2}");
}
