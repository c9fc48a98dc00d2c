"""Words that everybody puts in one order."""

from __future__ import annotations

#: Each line from low to high; between commas, the spellings of one level.
SCALES = (
    "jan/january,feb/february,mar/march,apr/april,may,jun/june,jul/july,aug/august,sep/sept/september,oct/october,"
    "nov/november,dec/december",
    "mon/monday,tue/tues/tuesday,wed/wednesday,thu/thur/thurs/thursday,fri/friday,sat/saturday,sun/sunday",
    "xxs,xs,s,m,l,xl,xxl,xxxl",
    "none/no,tiny,small,med/medium/middle,big/large,huge,very_large/extra_large",
    "none,very_low/vlow,low,med/medium/middle/moderate/average/normal,high,very_high/vhigh,extreme",
    "lowest,low,middle,high,highest",
    "unacc,acc,good,vgood",
    "very_poor,poor/bad,fair,okay/average,good,better,very_good/vgood/great,premium/excellent/best,outstanding/ideal",
    "none/no,mild/slight/minimal,moderate,severe,extreme/very_severe",
    "never,rarely/seldom,sometimes/occasionally/some,often/frequently,usually,always",
    "strongly_disagree,disagree,neutral/neither/undecided,agree,strongly_agree",
    "very_dissatisfied,dissatisfied,neutral,satisfied,very_satisfied",
    "1st/first,2nd/second,3rd/third,4th/fourth",
    "freshman,sophomore,junior,senior",
    "asstprof,assocprof,prof",
    "preschool,1st_4th,5th_6th,7th_8th,9th,10th,11th,12th,hs_grad",
    "below_college/no_schooling/none,primary/elementary/basic,<_hs_grad/less_than_high_school/some_high_school,"
    "hs_grad/high_school/secondary/highschool,some_college,college/associate/assoc,"
    "college_grad/bachelor/bachelors/graduate/university,master/masters,advanced_degree/doctor/doctorate/phd",
)
