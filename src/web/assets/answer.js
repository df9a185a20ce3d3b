// Sends the answer on to the application; without scripts its button does.
document.getElementById('answer').submit();
